/** Forms and the inbox, with a keyboard and by their labels. */
import { configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { defineWorkflow, humanResponseEvent, inputRequiredEvent, StartEvent, stopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle } from "tickwork/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { Inspector } from "../../inspector/index.ts";

const Ask = inputRequiredEvent("Ask", z.object({ id: z.string(), question: z.string() }));
const answer = z.object({
  id: z.string(),
  names: z.array(z.string().min(1)).meta({ title: "Names" }),
  note: z.string().optional().meta({ title: "Note" }),
  pin: z.string().optional().meta({ title: "PIN", format: "password" }),
  even: z.number().refine((value) => value % 2 === 0, "It must be even").meta({ title: "Even" }), // prettier-ignore
});
const Answer = humanResponseEvent("Answer", answer);
const Done = stopEvent("Done", answer);
const asking = defineWorkflow("asking", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: Done, waitsFor: Answer },
  async ({ data }, ctx) => {
    const id = data as string;
    const waiterEvent = Ask({ id, question: `What of ${id}?` });
    return Done((await ctx.waitForEvent(Answer, { waiterEvent, requirements: { id }, timeout: null })).data);
  },
);

// Far above what it takes: the inbox itself is loaded when it is first opened.
configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "#/inbox");
  const observer = { observe: () => undefined, disconnect: () => undefined };
  vi.stubGlobal("ResizeObserver", function ResizeObserver() {
    return observer;
  });
});
afterEach(() => {
  history.replaceState(null, "", "#/");
});

async function open(...ids: string[]) {
  const engine = await createEngine({ asking }, { journal: new MemoryJournal() });
  for (const id of ids) await engine.startRun("asking", id, { runId: id });
  await settle();
  const show = () =>
    render(
      <Inspector
        source={engine}
        placeInUrl
        layoutWorker={() => {
          throw new Error("no workers here");
        }}
      />,
    );
  return { engine, show, view: show() };
}

/** All that is in the storage. */
const kept = () =>
  Array.from({ length: localStorage.length }, (_, at) => localStorage.getItem(localStorage.key(at) ?? "")).join();
const question = (text: string) => screen.findByRole("button", { name: new RegExp(`What of ${text}`) });
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const send = () => fireEvent.click(screen.getByRole("button", { name: "Send Answer" }));

test("a question is answered, and the next one opens and has the focus", async () => {
  const { engine } = await open("A1", "B2");
  fireEvent.click(await question("A1"));
  const form = await screen.findByRole("article", { name: "ask of asking waits for Answer" });
  // What the wait requires is shown and not asked for.
  expect(await within(form).findByText("A1", { selector: "code" })).toBeTruthy();
  expect(screen.queryByLabelText("id")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Add to Names" }));
  fireEvent.click(screen.getByRole("button", { name: "Add to Names" }));
  type("1", "Ada");
  type("2", "Bob");
  fireEvent.click(screen.getByRole("button", { name: "Move item 2 up" }));
  type("Even", "4");
  send();
  expect(await engine.result("A1")).toEqual({ id: "A1", names: ["Bob", "Ada"], even: 4 });
  const next = (await screen.findByText("What of B2?", { selector: "p" })).closest("article");
  await waitFor(() => expect(document.activeElement).toBe(within(next as HTMLElement).getByRole("heading")));
});

test("what is wrong is said at its field, by the form and by the engine", async () => {
  const { engine } = await open("A1");
  fireEvent.click(await question("A1"));
  await screen.findByLabelText("Even");
  send();
  expect(screen.getByLabelText("Even").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("This is needed.")).toBeTruthy();
  type("Even", "3");
  send();
  const message = await screen.findByText("It must be even");
  expect(screen.getByLabelText("Even").getAttribute("aria-describedby")).toBe(message.id);
  type("Even", "2");
  send();
  expect(await engine.result("A1")).toEqual({ id: "A1", names: [], even: 2 });
});

test("left out and empty are two things, and an empty field says which", async () => {
  const { engine } = await open("A1");
  fireEvent.click(await question("A1"));
  await screen.findByLabelText("Even");
  type("Even", "0");
  const meaning = await screen.findByLabelText<HTMLSelectElement>("Note: what nothing means");
  expect(meaning.value).toBe("absent");
  fireEvent.change(meaning, { target: { value: "empty" } });
  send();
  expect(await engine.result("A1")).toEqual({ id: "A1", names: [], note: "", even: 0 });
});

test("what was typed is there again after a reload, without secrets", async () => {
  const { view, show } = await open("A1");
  fireEvent.click(await question("A1"));
  await screen.findByLabelText("Note");
  type("Note", "half a thought");
  type("PIN", "1234");
  expect(kept()).not.toContain("1234");
  expect(kept()).toContain("half a thought");
  await waitFor(() => expect(location.hash).toContain("item="));
  view.unmount();
  show();
  expect(await screen.findByText(/What you typed before is here again/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Note").value).toBe("half a thought");
  expect(screen.getByLabelText<HTMLInputElement>("PIN").value).toBe("");
  fireEvent.click(screen.getByRole("button", { name: /Begin anew/ }));
  expect(screen.getByLabelText<HTMLInputElement>("Note").value).toBe("");
});

test("what is answered elsewhere stays in sight, with what was typed to copy", async () => {
  const { engine } = await open("A1");
  fireEvent.click(await question("A1"));
  await screen.findByLabelText("Note");
  type("Note", "mine");
  await engine.sendEvent("A1", Answer({ id: "A1", names: [], even: 2 }));
  expect(await screen.findByText("Answered elsewhere", { selector: "b" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy what you typed" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(await screen.findByText("Nothing waits for you")).toBeTruthy();
  expect(kept()).not.toContain("mine");
});

test("the list is one tab stop, and arrows go along it", async () => {
  await open("A1", "B2");
  const first = await question("A1");
  const second = await question("B2");
  expect([first.tabIndex, second.tabIndex]).toEqual([0, -1]);
  first.focus();
  fireEvent.keyDown(first, { key: "ArrowDown" });
  expect(document.activeElement).toBe(second);
});
