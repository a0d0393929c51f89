/** The engine that the conformance suite is run against, in a worker of its own. */
import { conformanceWorkflows } from "tickwork/testing";
import { serveWorkflows } from "tickwork/worker";

/** Each check has a database of its own, named by the page. */
serveWorkflows(conformanceWorkflows, { database: self.name });
