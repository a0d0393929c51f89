/** What the host's engine serves. The worker's name is its database. */
import "../../../inspector/demo/zod-without-eval.ts";
import { serveWorkflows } from "tickwork/worker";
import { order, review } from "./host-workflows.ts";
import { crowd, lanes } from "./load-workflows.ts";

serveWorkflows({ crowd, lanes, order, review }, { database: self.name });
