import * as otel from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { describe, expect, test } from "vitest";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  run,
  startEvent,
  stopEvent,
  type RunHook,
} from "tickwork";
import { openTelemetryHook } from "tickwork/opentelemetry";
import { settle, SimulatedClock } from "tickwork/testing";

const Start = startEvent<"Start">("Start");
const Next = defineEvent<"Next">("Next");
const Answer = humanResponseEvent<"Answer">("Answer");
const Stop = stopEvent<"Stop">("Stop");

function tracing() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const clock = new SimulatedClock();
  const hook = openTelemetryHook(provider.getTracer("test"), otel);
  const named = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
  return { clock, named, runtime: { clock, journal: null, hooks: [hook] } };
}

const milliseconds = ([seconds, nanos]: [number, number]): number => seconds * 1000 + nanos / 1e6;

describe("openTelemetryHook", () => {
  test("makes a span for the run and one for each step, inside it, linked to its cause", async () => {
    const { named, runtime } = tracing();
    const workflow = defineWorkflow("shop")
      .step("first", { accepts: Start, emits: Next }, () => Next())
      .step("second", { accepts: Next, emits: Stop }, () => Stop("done"));
    await run(workflow, null, { runtime, runId: "r1" }).result();

    const [whole] = named("workflow shop");
    const [first] = named("step first");
    const [second] = named("step second");
    expect(whole?.attributes).toMatchObject({ "workflow.run_id": "r1", "workflow.status": "completed" });
    expect(whole?.status.code).toBe(otel.SpanStatusCode.OK);
    expect(first?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
    expect(second?.links.map(({ context }) => context.spanId)).toEqual([first?.spanContext().spanId]);
    expect(second?.attributes).toMatchObject({
      "workflow.event": "Next",
      "workflow.attempt": 1,
      "workflow.outcome": "returned",
    });
  });

  test("records each failed attempt, with its time, and the failure of the run", async () => {
    const { clock, named, runtime } = tracing();
    const workflow = defineWorkflow("shop").step(
      "pay",
      { accepts: Start, emits: Stop, retryPolicy: constantDelay({ maximumAttempts: 2, delay: 500 }) },
      () => {
        throw new RangeError("declined");
      },
    );
    const handler = run(workflow, null, { runtime });
    await clock.advance(500);
    await expect(handler.result()).rejects.toThrow("declined");
    const attempts = named("step pay");
    expect(attempts.map((span) => [span.attributes["workflow.attempt"], span.status.code])).toEqual([
      [1, otel.SpanStatusCode.ERROR],
      [2, otel.SpanStatusCode.ERROR],
    ]);
    expect(attempts[0]?.events[0]?.attributes).toMatchObject({
      "exception.type": "RangeError",
      "exception.message": "declined",
    });
    expect(milliseconds(attempts[1]!.startTime) - milliseconds(attempts[0]!.startTime)).toBe(500);
    expect(named("workflow shop")[0]?.status).toMatchObject({ code: otel.SpanStatusCode.ERROR, message: "declined" });
  });

  test("does not call a suspended step an error (155)", async () => {
    const { named, runtime } = tracing();
    const workflow = defineWorkflow("ask").step(
      "ask",
      { accepts: Start, emits: Stop, waitsFor: Answer },
      async (_event, ctx) => Stop((await ctx.waitForEvent(Answer)).data),
    );
    const handler = run(workflow, null, { runtime });
    await settle();
    await handler.sendEvent(Answer(1));
    await handler.result();
    expect(named("step ask").map((span) => [span.attributes["workflow.outcome"], span.status.code])).toEqual([
      ["waiting", otel.SpanStatusCode.UNSET],
      ["returned", otel.SpanStatusCode.UNSET],
    ]);
  });

  test("closes what runs when the run is cancelled, as no error (193)", async () => {
    const { named, runtime } = tracing();
    const workflow = defineWorkflow("slow").step(
      "work",
      { accepts: Start, emits: Stop },
      () => new Promise<never>(() => undefined),
    );
    const handler = run(workflow, null, { runtime });
    await settle();
    await handler.cancelRun("enough");
    expect(named("step work").map((span) => span.attributes["workflow.outcome"])).toEqual(["abandoned"]);
    expect(named("workflow slow")[0]).toMatchObject({
      attributes: { "workflow.status": "cancelled" },
      status: { code: otel.SpanStatusCode.UNSET },
    });
  });
});

test("a hook that throws does not touch the run it watches", async () => {
  const broken: RunHook = {
    onTick() {
      throw new Error("hook");
    },
  };
  const workflow = defineWorkflow("w").step("a", { accepts: Start, emits: Stop }, () => Stop("fine"));
  const handler = run(workflow, null, { runtime: { clock: new SimulatedClock(), journal: null, hooks: [broken] } });
  expect(await handler.result()).toBe("fine");
});
