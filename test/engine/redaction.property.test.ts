/** Whatever a run's data is and however it ends: nothing of what is hidden comes out anywhere but to the app itself. */
import fc from "fast-check";
import { processRuntime, withHooks, type RunHook } from "tickwork";
import { redactKeys, type Redact } from "tickwork/engine";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test, vi } from "vitest";
import { parseContext } from "../../src/serialize/serialized-context.ts";
import { parseRunFile } from "../../src/serialize/run-file.ts";
import { Redaction } from "../../src/inspection/redaction.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { EngineHost } from "../../src/engine/host.ts";
import { redactContext } from "../../src/engine/redact-context.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";
import { lookAtAll, type Told } from "./look-at-all.ts";
import { workflows } from "./redaction-workflow.ts";

const MARK = "Pssst-4711";

const TELLS_NO_DATA = [
  "debugRun",
  "depthOverTime",
  "describeRun",
  "describeWorkflows",
  "edgeTraffic",
  "prune",
  "storage",
  "timeline",
];

/** With the mark somewhere, in values of all kinds. */
const data: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{ value: unknown; object: Record<string, unknown> }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constant(MARK),
      fc.constant(`${MARK} and more`),
      fc.boolean(),
      tie("object"),
      fc.array(tie("value"), { maxLength: 3 }),
      tie("value").map((value) => new Map([["key", value]])),
      tie("value").map((value) => new Set([value])),
    ),
    object: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")),
  }),
).object;

/** Runs it to each kind of end, and gives all that was shown of it on the way. */
async function shownOf(input: Record<string, unknown>, end: "return" | "fail" | "cancel", redact: Redact) {
  const shown: unknown[] = [];
  const news: unknown[] = [];
  const asked: Told[] = [];
  const hook: RunHook = {
    onTick: ({ tick, commands, before, after }) =>
      shown.push(tick, commands, before.store, before.outcome, after.store, after.outcome),
  };
  const clock = new SimulatedClock();
  const runtime = { ...withHooks(processRuntime, hook), clock, journal: new MemoryJournal() };
  const engine = await createEngine(workflows, runtime, { redact, idleTimeout: null });
  const stopped = [engine.inspect("r", (batch) => news.push(batch)), engine.inspect("*", (batch) => news.push(batch))];
  const handler = await engine.start("everything", input, { runId: "r" });
  await settle();
  await clock.advance(30_000);
  const look = async (at: EngineHost): Promise<void> => {
    asked.push(...(await lookAtAll(at, MARK)));
  };
  await look(engine);
  const early = await handler.snapshot();
  await engine.debugRun("r", { kind: "set", breakpoints: [{ step: "rescue" }] });
  await clock.advance(90_000); // The last attempt of "bad" is over, and its failure is held before it is handled.
  await look(engine);
  await engine.debugRun("r", { kind: "resume" });
  await engine.debugRun("r", { kind: "set", breakpoints: [] });
  const late = await handler.snapshot();
  if (end === "cancel") await handler.cancelRun(`because of ${MARK}`);
  else await handler.sendEvent({ type: "Word", data: { to: "ask", note: JSON.stringify(input), end, input } });
  await handler.result().catch(() => undefined);
  await look(engine);
  await vi.waitFor(() => expect(textOf(news.at(-1))).toMatch(/"status":"(completed|failed|cancelled)"/));
  for (const stop of stopped) stop();
  const file = await engine.exportRun("r");
  await engine.close();

  // Forked, and opened from a file in which all of it stands.
  const plain = await createEngine(workflows, { clock, journal: runtime.journal });
  const whole = await plain.exportRun("r");
  await plain.close();
  const other = await createEngine(workflows, { ...runtime, journal: new MemoryJournal() }, { redact });
  await other.importRun(whole);
  for (const atSequence of [2, 12]) await other.forkRun("r", { atSequence, runId: `fork ${atSequence}` });
  await settle();
  await look(other);
  await other.close();
  return { shown: [...shown, ...news, ...asked], asked, snapshots: [early, late], file };
}

async function importsReadOnly(file: JsonObject): Promise<void> {
  const engine = await createEngine(workflows, { journal: new MemoryJournal() });
  await engine.importRun(file);
  const { runs } = await engine.listRuns();
  expect(runs.map(({ readOnly, redacted }) => readOnly === true && redacted === true)).toEqual([true, true, true]);
  await engine.close();
}

/** As text, with what is in maps and sets. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (item instanceof Map || item instanceof Set ? [...item] : item)) ?? "";

const cases: [string, Redact][] = [
  ["everything", () => "[hidden]"],
  [
    "everything, by throwing",
    () => {
      throw new Error(MARK);
    },
  ],
  ["everything, by giving nothing", () => undefined],
  ["texts with a mark, however deep", (value) => JSON.parse(textOf(value).replaceAll(MARK, "***")) as unknown],
];

test.each(cases)("hidden is hidden: %s", { timeout: 60_000 }, async (_, redact) => {
  await fc.assert(
    fc.asyncProperty(data, fc.constantFrom("return", "fail", "cancel"), async (some, end) => {
      const { shown, snapshots, file } = await shownOf({ ...some, surely: MARK }, end, redact);
      for (const each of shown) expect(textOf(each)).not.toContain(MARK);
      expect(file).toMatchObject({ redacted: true, children: [{ redacted: true }, { redacted: true }] });
      const parsed = parseRunFile(file);
      expect([parsed.ticks.length > 10, parsed.redacted]).toEqual([true, true]);
      await importsReadOnly(file);
      for (const snapshot of snapshots) {
        // What the app itself gets is whole.
        expect(textOf(snapshot)).toContain(MARK);
        const redacted = redactContext(snapshot, new Redaction("r", redact, toPlainData));
        expect(textOf(parseContext(redacted))).not.toContain(MARK);
      }
    }),
    { numRuns: 6 },
  );
});

test(
  "values under hidden keys are hidden wherever they go, but for the texts of errors and logs",
  { timeout: 60_000 },
  async () => {
    const { shown } = await shownOf({ user: { Password: MARK, name: "Ada" } }, "return", redactKeys(["password"]));
    const said = shown.map(textOf).join("");
    expect(said).toContain("Ada");
    const where = [...said.matchAll(new RegExp(`.{160}${MARK}`, "g"))].map(([text]) => text);
    // The app put it into texts; names of fields do not tell that.
    expect(where.filter((text) => !/(refused|cause|said) \{|note"?: ?"\{/.test(text.replaceAll("\\", "")))).toEqual([]);
  },
);

test("without a function everything is shown, and files say nothing of it", async () => {
  const { asked, file } = await shownOf({ a: MARK }, "return", undefined as never);
  // So the looks above look well: all that can tell data tells it here.
  const silent = new Set(asked.map(({ by }) => by));
  for (const { by, told } of asked) if (textOf(told).includes(MARK)) silent.delete(by);
  expect([...silent].toSorted()).toEqual(TELLS_NO_DATA);
  expect(file).not.toHaveProperty("redacted");
});
