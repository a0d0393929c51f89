import { expect, test } from "vitest";
import type { Place } from "../../inspector/store/place.ts";
import { decodePlace, encodePlace, START_PLACE } from "../../inspector/store/place.ts";

test("the address says run, tick, selection, view and filters, and reads back the same", () => {
  const place: Place = {
    page: "run",
    inboxItem: null,
    runId: "invoice/17 ä",
    position: 184_209,
    selection: { kind: "workItem", workItem: 12 },
    panel: "log",
    bottom: "timeline",
    timeline: { window: { from: 1_795_393_851_000, to: 1_795_393_852_500 }, foldsIdle: false, isTable: true },
    tab: "causes",
    graphAs: "table",
    lanes: "fetch all",
    runFilter: { text: "a b", status: "failed", workflow: "csv/ä&b", startedFrom: 1_790_000_000_000, startedTo: 0 },
    logFilter: { text: "x&y=z", step: "fetch", kind: "StepResult", event: "Page", workItem: 7, showInternal: true },
    isHealthOpen: true,
    differenceFrom: 40,
    whatIf: { sequence: 184_209, kind: "change" },
    sandboxAt: 184_300,
    compareWith: "invoice/18 ä",
  };
  expect(decodePlace(encodePlace(place))).toEqual(place);
});

test("the inbox and the question that is chosen in it are places", () => {
  const inbox: Place = { ...START_PLACE, page: "inbox" };
  expect(encodePlace(inbox)).toBe("#/inbox");
  const item = { ...inbox, inboxItem: { runId: "a:b/c ä", waiter: 3 } };
  expect(decodePlace(encodePlace(item))).toEqual(item);
  expect(decodePlace("#/inbox?item=nothing").inboxItem).toBeNull();
});

test("an edge is named by its two ends, whatever their names hold", () => {
  const selection = { kind: "edge", source: "step:a>b&c %", target: "event:Page" } as const;
  expect(decodePlace(encodePlace({ ...START_PLACE, runId: "r", selection })).selection).toEqual(selection);
  expect(decodePlace("#/run/r?select=edge:step").selection).toEqual({ kind: "run" });
  expect(decodePlace("#/run/r?select=edge:%25E0%25A4>x").selection).toEqual({ kind: "run" });
});

test("what stands at its default is left out", () => {
  expect(encodePlace({ ...START_PLACE, runId: "r1" })).toBe("#/run/r1");
  expect(encodePlace({ ...START_PLACE, panel: "runs" })).toBe("#/");
});

test.each([
  "",
  "#",
  "#/",
  "#/run/",
  "#/run/a?tick=-3&time=9-3&bottom=nope&select=item:x&tab=nope&view=nope",
  "#/run/a?work=-1&event=",
  "#/run/%E0%A4%A?tick=1e999",
  "#nonsense?select=step:",
  "#/run/a?from=0&whatif=skip:x",
  "#/run/a?whatif=nope:3",
])("%j is read without a fault", (hash) => {
  const place = decodePlace(hash);
  expect(place.position).toBe("live");
  expect(place.tab).toBe("overview");
  expect([place.differenceFrom, place.whatIf]).toEqual([null, null]);
  expect([place.bottom, place.timeline.window]).toEqual(["log", null]);
});

test("a sandbox is of the tick shown, or there is none", () => {
  expect(decodePlace("#/run/a?tick=12&whatif=skip:12").whatIf).toEqual({ sequence: 12, kind: "skip" });
  expect(decodePlace("#/run/a?tick=13&whatif=skip:12").whatIf).toBeNull();
  expect(decodePlace("#/run/a?whatif=skip:12").whatIf).toBeNull();
  expect(decodePlace("#/run/a?tick=13&whatif=skip:12&sandbox=14").sandboxAt).toBeNull();
});
