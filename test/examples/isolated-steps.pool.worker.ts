import { serveSteps } from "tickwork/pool";
import { counting } from "./isolated-steps.workflow.ts";

serveSteps({ counting });
