/** Whatever somebody does: the address says it, and who opens that address is at the very same place. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { InspectorModel } from "../../inspector/store/inspector-model.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import type { Navigation } from "../../inspector/store/navigation.ts";
import type { Place } from "../../inspector/store/place.ts";
import {
  BOTTOMS,
  decodePlace,
  DETAIL_TABS,
  encodePlace,
  GRAPH_FORMS,
  PANELS,
  START_PLACE,
} from "../../inspector/store/place.ts";
import { STATUS_GROUPS } from "../../inspector/store/run-list.ts";
import { TICK_WORDS } from "../../inspector/store/status-words.ts";
import type { TickKind } from "tickwork/client";
import { createTimeScale, panBy, within, zoomAt } from "../../inspector/timeline/time-scale.ts";
import { createManualScheduler } from "./fixtures/manual-scheduler.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

const scripts = ["a", "b/ä: ?#&%"].map((runId, seed) => scriptRun({ runId, chunks: 10, startsAt: 1_000, seed }));
const TICKS = Math.min(...scripts.map(({ ticks }) => ticks.length));
const KINDS = Object.keys(TICK_WORDS) as TickKind[];
const WHOLE = { from: 1_795_393_851_000.4, to: 1_795_393_911_250.6 };

interface Given {
  readonly n: number;
  /** 0 to 1. */
  readonly part: number;
  readonly text: string;
}
type Act = (navigation: Navigation, given: Given, place: Place) => unknown;

const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;
const runOf = (n: number): string => pick(scripts, n).runId;
const scaleOf = ({ timeline }: Place) => createTimeScale(timeline.window ?? WHOLE, 900);

/** What can be done wherever one is. */
const ANYWHERE: readonly Act[] = [
  (to, { n }) => to.openRun(n % 4 === 0 ? null : runOf(n)),
  (to, { n, text }) => to.openInbox(n % 3 === 0 ? null : { runId: `${runOf(n)}${text}`, waiter: n }),
  (to, { n }) => to.compare(runOf(n), n % 3 === 0 ? null : runOf(n + 1)),
  (to, { text }) => to.filterRuns({ text }),
  (to, { n, text }) => to.filterRuns({ status: n % 4 === 0 ? null : pick(STATUS_GROUPS, n), workflow: text || null }),
  (to, { n }) => to.filterRuns({ startedFrom: n * 1_001, startedTo: n % 2 === 0 ? null : 1_790_000_000_000 + n }),
  (to, { n }) => to.showHealth(n % 2 === 0),
];

/** What takes an open run. */
const IN_A_RUN: readonly Act[] = [
  (to, { n }) => to.setPosition(n % 5 === 0 ? "live" : 1 + (n % TICKS)),
  (to, { n }) => to.step((n % 21) - 10),
  (to, { n }) => to.selectTick(1 + (n % TICKS), n % 2 === 0 ? undefined : pick(DETAIL_TABS, n)),
  (to) => to.select({ kind: "run" }),
  (to, { text }) => to.select({ kind: "step", step: text }),
  (to, { text }) => to.select({ kind: "event", type: text }),
  (to, { text }) => to.select({ kind: "edge", source: `step:${text}`, target: `event:${text}>` }),
  (to, { n }) => to.select({ kind: "workItem", workItem: 1 + n }),
  (to) => to.select({ kind: "tick" }),
  (to, { n }) => to.setPanel(pick(PANELS, n)),
  (to, { n }) => to.showBottom(pick(BOTTOMS, n)),
  (to, { n }) => to.setTab(pick(DETAIL_TABS, n)),
  (to, { n }) => to.setTimeline(n % 2 === 0 ? { foldsIdle: n % 4 === 0 } : { isTable: n % 3 === 0 }),
  (to, { part, n }, place) => to.setTimeline({ window: zoomAt(scaleOf(place), part * 900, 0.3 + n / 60, WHOLE) }),
  (to, { part }, place) => to.setTimeline({ window: panBy(scaleOf(place), (part - 0.5) * 800, WHOLE) }),
  (to, { part, n }, place) => {
    const scale = scaleOf(place);
    to.setTimeline({ window: within({ from: scale.at(part * 900), to: scale.at(part * 900 + n) }, WHOLE) });
  },
  (to, { n }) => to.compareFrom(n % 3 === 0 ? null : 1 + (n % TICKS)),
  (to, { n }) => to.askWhatIf(pick(["skip", "change", null] as const, n)),
  (to, { n }) => to.setGraphForm(pick(GRAPH_FORMS, n)),
  (to, { n, text }) => to.openLanes(n % 3 === 0 || text === "" ? null : text),
  (to, { text }) => to.filterLog({ text }),
  (to, { n, text }) => to.filterLog({ step: text || null, kind: n % 2 === 0 ? null : pick(KINDS, n) }),
  (to, { n, text }) =>
    to.filterLog({ event: text || null, workItem: n % 2 === 0 ? null : n, showInternal: n % 3 === 0 }),
];

const given: fc.Arbitrary<Given> = fc.record({
  n: fc.nat(60),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
  text: fc.oneof(
    fc.constantFrom("profile", "Chunk", "a b", "x&y=z#%>:"),
    fc.string({ unit: "grapheme", maxLength: 6 }),
  ),
});
const acts = fc.array(fc.tuple(fc.nat(), given), { minLength: 1, maxLength: 25 });

function open(hash: string): { model: InspectorModel; stop: () => void } {
  const source = createScriptedSource({ runs: scripts.map((script) => ({ script })) });
  const model = createInspectorModel(source, { scheduler: createManualScheduler(), now: () => 5_000 });
  model.store.setState(decodePlace(hash));
  return { model, stop: model.start() };
}

const settle = ({ store }: InspectorModel): Promise<void> =>
  vi.waitFor(() => expect(store.getState()).toMatchObject({ connection: "ready", isLoadingView: false }), {
    interval: 1,
  });

/** The place alone, and of a place without a run what is seen of it: the panels then stand side by side or below. */
function placeIn(state: Place): Place {
  const names = Object.keys(START_PLACE) as (keyof Place)[];
  const place = Object.fromEntries(names.map((name) => [name, state[name]])) as unknown as Place;
  return place.runId === null ? { ...place, panel: START_PLACE.panel } : place;
}

test("any place that can be come to is in its address, and opened from there it is the same", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      const { model, stop } = open("");
      await settle(model);
      for (const [which, how] of all) {
        const place = model.store.getState();
        const possible = place.runId === null ? ANYWHERE : [...ANYWHERE, ...IN_A_RUN, ...IN_A_RUN];
        pick(possible, which)(model.navigation, how, place);
        if (which % 3 === 0) await settle(model);
        const here = placeIn(model.store.getState());
        expect(decodePlace(encodePlace(here))).toEqual(here);
      }
      await settle(model);
      const there = placeIn(model.store.getState());
      stop();
      for (const name of Object.keys(START_PLACE) as (keyof Place)[])
        if (JSON.stringify(there[name]) !== JSON.stringify(START_PLACE[name])) seen.add(name);
      const again = open(encodePlace(there));
      await settle(again.model);
      expect(placeIn(again.model.store.getState())).toEqual(there);
      again.stop();
    }),
    { numRuns: 150 },
  );
  // Every part of a place was another one at some end.
  expect([...seen].toSorted()).toEqual(
    Object.keys(START_PLACE)
      .filter((name) => name !== "sandboxAt")
      .toSorted(),
  );
});
