/** As in WebKit, where a worker's module is evaluated again when a part that it loads later imports from it. */
import { serveWorkflows } from "tickwork/worker";
import { fan } from "./fixture-workflows.ts";

serveWorkflows({ fan }, { database: self.name });
serveWorkflows({ fan }, { database: self.name });
