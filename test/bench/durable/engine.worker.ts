/** The engine as an app has it. Its name is its database. Says when its modules were there: from then on it is up. */
import { serveWorkflows } from "tickwork/worker";
import { held, paced } from "./workflows.ts";

(globalThis as unknown as { postMessage(message: unknown): void }).postMessage({ up: performance.now() });
serveWorkflows({ held, paced }, { database: self.name });
