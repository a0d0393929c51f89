import { serveSteps } from "tickwork/pool";
import * as workflows from "./fixture-workflows.ts";

const { Answer: _answer, Other: _other, ...served } = workflows;
serveSteps(served);
