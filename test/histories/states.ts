/** The states of a recorded run, folded from its file. */
import { initialState, reduce, type BrokerState, type Workflow } from "tickwork";
import { ticksOfRunFile } from "tickwork/testing";
import type { JsonObject } from "../../src/core/json.ts";
import { compile } from "../../src/workflow/compile.ts";

/** The state after each tick. */
export function statesOf(runFile: JsonObject, workflow: Workflow): BrokerState[] {
  const states: BrokerState[] = [];
  let state = initialState(compile(workflow).program);
  for (const tick of ticksOfRunFile(runFile)) {
    state = reduce(state, tick).state;
    states.push(state);
  }
  return states;
}
