/** What a worker meets where the browser allows no storage. */
Object.defineProperty(globalThis, "indexedDB", { value: undefined });
const { serveWorkflows } = await import("tickwork/worker");
const { fan } = await import("./fixture-workflows.ts");
serveWorkflows({ fan }, { database: self.name });
