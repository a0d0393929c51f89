import { describe, expect, test } from "vitest";
import { Redaction, type Redact, type RedactContext } from "../../src/inspection/redaction.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";

const by = (redact: Redact | undefined) => new Redaction("r", redact, toPlainData);
const error = { name: "TypeError", message: "of Ada", code: "X", stack: "TypeError: of Ada", data: { a: 1 } };

describe("what is shown", () => {
  test("is told what it is, and of which run", () => {
    const asked: RedactContext[] = [];
    const show = by((value, context) => {
      asked.push(context);
      return value;
    });
    show.event({ type: "E", data: 1 }, "s");
    show.fields("F", { a: 1 }, "s");
    show.state(1, ["a", "b"]);
    show.effect(1, "key", "s");
    show.effect(1, null);
    show.log({ at: 1, message: "m", data: 2 }, "s");
    show.error(error, "s");
    show.text("why");
    expect(asked).toEqual([
      { runId: "r", kind: "event", type: "E", step: "s" },
      { runId: "r", kind: "event", type: "F", step: "s" },
      { runId: "r", kind: "state", path: ["a", "b"] },
      { runId: "r", kind: "effect", path: ["key"], step: "s" },
      { runId: "r", kind: "effect" },
      { runId: "r", kind: "log", step: "s" },
      { runId: "r", kind: "error", step: "s" },
      { runId: "r", kind: "text" },
    ]);
  });

  test("keeps its form, whatever the function gives", () => {
    for (const redact of [() => 5, () => null, () => [1], () => undefined, () => () => 1] as Redact[]) {
      const show = by(redact);
      expect(show.fields("F", { a: 1 })).toEqual({});
      expect(show.state({ a: 1 }, [])).toEqual({});
      expect(show.log({ at: 1, message: "m" })).toEqual({ at: 1, message: "[redacted]" });
      expect(show.error(error)).toEqual({ name: "TypeError", message: "[redacted]", code: "X" });
      expect(show.text("why")).toBe("[redacted]");
    }
  });

  test("of an error may be a text in place of its message, or some of its parts", () => {
    expect(by(() => "an error").error(error)).toEqual({ name: "TypeError", message: "an error", code: "X" });
    expect(by(() => "an error").message("of Ada")).toBe("an error");
    expect(by(() => ({ name: "E", message: "m", code: 5 })).error(error)).toEqual({ name: "E", message: "m", code: 5 });
  });

  test("of the events that tickwork makes is what is shown of their parts", () => {
    const show = by((_value, { kind, type = "" }) => (kind === "error" ? "an error" : `${type} hidden`));
    const input = [
      { type: "A", data: 1 },
      { type: "B", data: 2 },
    ];
    const failure = { step: "s", attempts: 1, elapsed: 0, failedAt: 1, error };
    const shownError = { name: "TypeError", message: "an error", code: "X" };
    expect(show.event({ type: "StepFailedEvent", data: { ...failure, input } }).data).toEqual({
      ...failure,
      input: [
        { type: "A", data: "A hidden" },
        { type: "B", data: "B hidden" },
      ],
      error: shownError,
    });
    expect(show.event({ type: "WorkflowFailedEvent", data: { error } }).data).toEqual({ error: shownError });
    expect(show.event({ type: "WorkflowCancelledEvent", data: { reason: "Ada" } }).data).toEqual({ reason: " hidden" });
    expect(show.event({ type: "WorkflowCancelledEvent", data: {} }).data).toEqual({});
  });

  test("without a function is the very same", () => {
    const show = by(undefined);
    expect(show.error(error)).toBe(error);
    const event = { type: "E", data: {} };
    expect(show.event(event)).toBe(event);
  });
});
