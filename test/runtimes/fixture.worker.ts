import { serveWorkflows } from "tickwork/worker";
import { approve, delayed, fan, risky } from "./fixture-workflows.ts";

export const workflows = { fan, approve, risky, delayed };
/** Each test has a database of its own, named in the worker's URL. */
serveWorkflows(workflows, { database: self.name });
