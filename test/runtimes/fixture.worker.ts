import { serveWorkflows } from "tickwork/worker";
import { approve, busy, delayed, fan, risky } from "./fixture-workflows.ts";

export const workflows = { fan, approve, risky, delayed, busy };
/** Each test has a database of its own; the worker's name is that, or `database@version`. */
const [database = "", version] = self.name.split("@");
serveWorkflows(workflows, { database, ...(version !== undefined && { version }) });
