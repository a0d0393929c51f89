/** Behaviours of the sister TypeScript project (T). */
import { ReadableStream } from "node:stream/web";
import { defineEvent, defineWorkflow, resume, run, StartEvent, StopEvent, type Handler } from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { readAll, single, throughJson } from "../engine/fixtures.ts";

const Note = defineEvent("Note");

test("a stream of events becomes a standard readable stream (T16)", async () => {
  const handler = run(single((ctx) => [1, 2].forEach((n) => ctx.writeEventToStream(Note(n)))));
  const lines: string[] = [];
  for await (const { type } of ReadableStream.from(handler.streamEvents())) lines.push(type);
  expect(lines).toEqual(["Note", "Note", "StopEvent"]);
});

test("a step may run another workflow and pass on its events and its result (T18)", async () => {
  const inner = single((ctx, event) => (ctx.writeEventToStream(Note(event.data as string)), "inner result"));
  const outer = single(async (ctx) => {
    const sub = run(inner, "from inside", { signal: ctx.signal });
    for await (const event of sub.streamEvents()) if (Note.is(event)) ctx.writeEventToStream(Note(event.data));
    return sub.result();
  });
  const handler = run(outer);
  expect(await handler.result()).toBe("inner result");
  expect((await readAll(handler.streamEvents())).map(({ data }) => data)).toEqual(["from inside", "inner result"]);
});

test("a snapshot may be taken from within a step, and resumes with that step at work (T25)", async () => {
  let handler: Handler | undefined;
  let saved: Awaited<ReturnType<Handler["snapshot"]>> | undefined;
  const workflow = defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, async (event, ctx) => {
    await ctx.store.set("seen", event.data);
    saved ??= throughJson(await handler!.snapshot());
    return StopEvent(event.data);
  });
  for (const input of ["one", "two"]) {
    saved = undefined;
    handler = run(workflow, input);
    await settle();
    expect(await handler.result()).toBe(input);
    expect(saved).toMatchObject({ status: "running", store: { seen: input } });
    expect(await resume(workflow, saved!).result()).toBe(input);
  }
});
