import { defineEvent, defineWorkflow, run, StartEvent, startEvent, StopEvent, stopEvent } from "tickwork";
import { MemoryJournal, runToEnd, settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { gate, readAll } from "../engine/fixtures.ts";

const Doc = defineEvent("Doc");
const Image = defineEvent("Image", undefined, { extends: Doc });

test("what is sent to nobody in particular stands in the history without a target, what is sent to one with it (84)", async () => {
  const workflow = defineWorkflow("w")
    .step("send", { accepts: StartEvent, emits: Doc }, (_event, ctx) => {
      ctx.sendEvent(Doc(1));
      ctx.sendEvent(Doc(2), { step: "take" });
    })
    .step("take", { accepts: Doc, emits: StopEvent }, (event) => (event.data === 2 ? StopEvent() : undefined));
  const { ticks } = await runToEnd(workflow, null, { journal: new MemoryJournal() });
  const sent = ticks.flatMap((tick) => (tick.kind === "StepResult" && tick.step === "send" ? tick.outputs : []));
  expect(sent.map(({ target }) => target)).toEqual([undefined, "take"]);
});

test("a kind that extends the accepted one goes nowhere by default (89)", async () => {
  let taken = 0;
  const workflow = defineWorkflow("w", { skipGraphChecks: ["terminalEvent", "reachability"] })
    .step("begin", { accepts: StartEvent, emits: [Doc, StopEvent] }, () => gate().promise as Promise<never>)
    .step("take", { accepts: Doc, emits: StopEvent }, () => void (taken += 1));
  const handler = run(workflow);
  const reading = readAll(handler.streamEvents({ exposeInternal: true }));
  await handler.sendEvent(Image());
  await settle();
  await handler.cancelRun();
  expect(taken).toBe(0);
  expect((await reading).find(({ type }) => type === "UnhandledEvent")?.data).toEqual({
    eventType: "Image",
    idle: false,
  });
});

test("a step that takes everything of a sort does not get the stop event (91)", async () => {
  const seen: string[] = [];
  const Begin = startEvent("Begin");
  const End = stopEvent("End", undefined, { extends: Doc });
  const workflow = defineWorkflow("w")
    .step("make", { accepts: Begin, emits: [Image, End] }, (_event, ctx) => (ctx.sendEvent(Image()), undefined))
    .step("take", { accepts: Doc, acceptsSubkinds: true, emits: End }, (event) => (seen.push(event.type), End("end")));
  expect(await run(workflow).result()).toBe("end");
  await settle();
  expect(seen).toEqual(["Image"]);
});
