// #region declare
import { z } from "zod";
import { defineWorkflow, resource, run, startEvent, stopEvent } from "tickwork";

class Database {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  async find(id: number) {
    return { id, from: this.name };
  }
  close() {
    console.log(`${this.name}: closed`);
  }
}

// Made when a run first needs it, and closed when that run is over.
const database = resource(
  async ({ runId }) => {
    console.log("opened for", runId);
    return new Database("users-db");
  },
  { dispose: (db) => db.close() },
);

// Uses another resource.
const users = resource(async ({ use }) => {
  const db = await use(database);
  return { find: (id: number) => db.find(id) };
});

// A new one for each invocation of a step.
let requests = 0;
const request = resource(() => ({ number: ++requests }), { cache: false });
// #endregion

// #region use
const Find = startEvent("Find", z.object({ id: z.number() }));
const Found = stopEvent("Found", z.object({ from: z.string(), request: z.number() }));

const finding = defineWorkflow("finding", { resources: { users, request } }).step(
  "find",
  { accepts: Find, emits: Found },
  async ({ data }, ctx) => {
    const user = await ctx.resources.users.find(data.id);
    return Found({ from: user.from, request: ctx.resources.request.number });
  },
);

console.log(await run(finding, { id: 1 }, { runId: "run-1" }).result());
// #endregion

// #region fake
const fake = { find: async (id: number) => ({ id, from: "a fake" }) };
console.log(await run(finding, { id: 1 }, { resources: { users: fake } }).result());
// #endregion
