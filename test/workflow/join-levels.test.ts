import {
  allOf,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  listOf,
  run,
  StartEvent,
  StopEvent,
  validate,
  WorkflowValidationError,
  type Workflow,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { throughJson } from "../engine/fixtures.ts";

const Item = defineEvent("Item");
const Part = defineEvent("Part");
const Config = defineEvent("Config");
const Both = defineEvent("Both");
const Inner = defineEvent("Inner");
const nothing = () => undefined;

function problems(workflow: Workflow): string[] {
  try {
    validate(workflow);
  } catch (error) {
    expect(error).toBeInstanceOf(WorkflowValidationError);
    return (error as WorkflowValidationError).data["problems"] as string[];
  }
  return [];
}

/** A list of items, each worked on to a part, and the config made where the test says. */
const split = defineWorkflow("w").step("split", { accepts: StartEvent, emits: listOf(Item) }, () => [Item(1), Item(2)]);
const worked = split
  .step("work", { accepts: Item, emits: Part }, ({ data }) => Part(data))
  .step("setup", { accepts: StartEvent, emits: Config }, () => Config("c"));

describe("an allOf join", () => {
  test("whose events come from different levels is refused, with where each comes and what to do (129)", () => {
    const workflow = worked
      .step("join", { accepts: allOf(Part, Config), emits: Both }, () => Both())
      .step("end", { accepts: listOf(Both), emits: StopEvent }, () => StopEvent());
    expect(problems(workflow)).toEqual([
      "Step join can never get a full set: Part comes inside the list of split, Config comes outside any list. Gather the list first with a step that accepts listOf(…), or make all of them inside it.",
    ]);
    expect(() => run(workflow)).toThrow(WorkflowValidationError);
  });

  test("of an answer from outside and an element is refused: the answer is outside the list (129)", () => {
    const Reply = humanResponseEvent("Reply");
    const workflow = split
      .step("pair", { accepts: allOf(Item, Reply), emits: Part }, () => Part())
      .step("end", { accepts: listOf(Part), emits: StopEvent }, () => StopEvent());
    expect(problems(workflow)).toHaveLength(1);
    expect(problems(workflow)[0]).toMatch(/Item comes inside the list of split, Reply comes outside any list/);
  });

  test("of an outer and an inner element is refused, and names both lists (129)", () => {
    const workflow = split
      .step("open", { accepts: Item, emits: [listOf(Inner), Part] }, nothing)
      .step("pair", { accepts: allOf(Part, Inner), emits: Both }, () => Both())
      .step("inner", { accepts: listOf(Both), emits: Config }, () => Config())
      .step("end", { accepts: listOf(Config), emits: StopEvent }, () => StopEvent());
    expect(problems(workflow).join()).toMatch(/Inner comes inside the list of open, inside the list of split/);
  });

  test("of the gathered list and what is beside it is fine, and runs", async () => {
    const workflow = worked
      .step("gather", { accepts: listOf(Part), emits: Both }, (parts) => Both(parts.map(({ data }) => data)))
      .step("join", { accepts: allOf(Both, Config), emits: StopEvent }, ([both, config]) =>
        StopEvent(throughJson([both.data, config.data])),
      );
    expect(problems(workflow)).toEqual([]);
    expect(await run(workflow).result()).toEqual([[1, 2], "c"]);
  });

  test("of what is made inside the list is fine, also by an error handler there", () => {
    const workflow = split
      .step("left", { accepts: Item, emits: Part }, () => Part())
      .step("right", { accepts: Item, emits: [] }, nothing)
      .catchError("mend", { forSteps: ["right"], emits: Config }, () => Config())
      .step("pair", { accepts: allOf(Part, Config), emits: Both }, () => Both())
      .step("end", { accepts: listOf(Both), emits: StopEvent }, () => StopEvent());
    expect(problems(workflow)).toEqual([]);
  });

  test("of elements and what is beside them is fine where no join gathers the list: then it opens no level", async () => {
    const workflow = worked.step("join", { accepts: allOf(Part, Config), emits: StopEvent }, ([part]) =>
      StopEvent(throughJson(part.data)),
    );
    expect(problems(workflow)).toEqual([]);
    expect(await run(workflow).result()).toBe(1);
  });

  test("is fine if its events meet on one level, whatever else comes on others", () => {
    const workflow = worked
      .step("also", { accepts: StartEvent, emits: Part }, () => Part())
      .step("join", { accepts: allOf(Part, Config), emits: Both }, () => Both())
      .step("log", { accepts: listOf(Part), emits: StopEvent }, () => StopEvent())
      .step("end", { accepts: Both, emits: StopEvent }, () => StopEvent());
    expect(problems(workflow)).toEqual([]);
  });

  test("with kinds that extend a slot's counts where those come", () => {
    const Special = defineEvent("Special", undefined, { extends: Config });
    const workflow = (acceptsSubkinds: boolean) =>
      worked
        .step("special", { accepts: Item, emits: Special }, () => Special())
        .step("log", { accepts: Special, emits: StopEvent }, nothing)
        .step("join", { accepts: allOf(Part, Config), acceptsSubkinds, emits: Both }, () => Both())
        .step("end", { accepts: listOf(Both), emits: StopEvent }, () => StopEvent());
    expect(problems(workflow(true))).toEqual([]);
    expect(problems(workflow(false))).toHaveLength(1);
  });

  test("behind a list inside itself is left to the run", () => {
    const workflow = defineWorkflow("w")
      .step("begin", { accepts: StartEvent, emits: [Item, Config] }, () => undefined)
      .step("walk", { accepts: Item, emits: [listOf(Item), Part] }, nothing)
      .step("join", { accepts: allOf(Part, Config), emits: Both }, () => Both())
      .step("up", { accepts: listOf(Both), emits: StopEvent }, () => StopEvent());
    expect(problems(workflow)).toEqual([]);
  });
});
