/** The states of a recorded run, folded from its file. */
import { reduce, type BrokerState, type Workflow } from "tickwork";
import type { JsonObject } from "../../src/core/json.ts";
import { parseRunFile, startOfRunFile } from "../../src/serialize/run-file.ts";
import { compile } from "../../src/workflow/compile.ts";

/** The state after each tick. */
export function statesOf(runFile: JsonObject, workflow: Workflow): BrokerState[] {
  const states: BrokerState[] = [];
  const file = parseRunFile(runFile);
  let state = startOfRunFile(file, compile(workflow).program);
  for (const tick of file.ticks) {
    state = reduce(state, tick).state;
    states.push(state);
  }
  return states;
}
