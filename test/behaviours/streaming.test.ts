import { defineEvent, resume, run } from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { Answer, Question, readAll, single, throughJson, typesOf } from "../engine/fixtures.ts";

const Note = defineEvent("Note");

test("streams of runs at the same time, and of runs one after the other, do not mix (199)", async () => {
  const workflow = single(async (ctx, event) => {
    for (let n = 0; n < 3; n++) ctx.writeEventToStream(Note([event.data, n] as never));
    await settle();
  });
  const read = async (name: string) => (await readAll(run(workflow, name).streamEvents())).map(({ data }) => data);
  const expected = (name: string) => [...[0, 1, 2].map((n) => [name, n]), null];
  expect(await Promise.all(["a", "b"].map(read))).toEqual(["a", "b"].map(expected));
  expect(await read("c")).toEqual(expected("c"));
});

test("a run that begins with another's state streams its own events, and the state adds up (200)", async () => {
  const counting = single(async (ctx) => {
    const n = (await ctx.store.get("n", 0)) + 1;
    await ctx.store.set("n", n);
    ctx.writeEventToStream(Note(n));
  });
  let handler = run(counting);
  for (const n of [1, 2, 3]) {
    expect((await readAll(handler.streamEvents())).map(({ type, data }) => [type, data])).toEqual([
      ["Note", n],
      ["StopEvent", null],
    ]);
    handler = run(counting, null, { context: throughJson(await handler.snapshot()) });
  }
});

test("a reader that leaves at the question does not disturb the snapshot, which resumes (205)", async () => {
  const workflow = single(async (ctx) => (await ctx.waitForEvent(Answer, { waiterEvent: Question("?") })).data);
  const first = run(workflow);
  for await (const { type } of first.streamEvents()) if (type === "Question") break;
  const later = resume(workflow, throughJson(await first.snapshot()));
  await later.sendEvent(Answer("!"));
  expect(await later.result()).toBe("!");
  expect(typesOf(await readAll(later.streamEvents()))).toEqual(["StopEvent"]);
});
