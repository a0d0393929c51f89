import { serveSteps } from "tickwork/pool";
import { subjects } from "./subjects.ts";

serveSteps({ isolated: subjects.isolated.workflow });
