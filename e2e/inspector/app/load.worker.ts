/** Workflows that are large in one way each. The worker's name is its database. */
import "../../../inspector/demo/zod-without-eval.ts";
import { serveWorkflows } from "tickwork/worker";
import { city } from "./load-city.ts";
import { crowd, heavy, lanes, small } from "./load-workflows.ts";

serveWorkflows({ city, crowd, heavy, lanes, small }, { database: self.name });
