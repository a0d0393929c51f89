import { serveSteps } from "tickwork/pool";
import { isolatedConformanceWorkflows } from "tickwork/testing";

serveSteps(isolatedConformanceWorkflows);
