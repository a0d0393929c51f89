import { afterEach, expect, test } from "vitest";
import { EngineUnavailableError } from "tickwork";
import { connect, type Engine } from "tickwork/client";
import { PROTOCOL } from "../../src/runtimes/browser/protocol.ts";

const open: Engine[] = [];
let started = 0;

/** An engine whose workers do nothing but greet: each with this message. */
function connectToOneThatSays(greeting: object): Engine {
  const script = URL.createObjectURL(
    new Blob([`postMessage(${JSON.stringify(greeting)})`], { type: "text/javascript" }),
  );
  const engine = connect(() => {
    started += 1;
    return new Worker(script);
  });
  open.push(engine);
  return engine;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
  started = 0;
});

test("a worker of another version of tickwork is refused", async () => {
  const engine = connectToOneThatSays({ tickwork: "ready", protocol: 99 });
  const error = await engine.listRuns().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EngineUnavailableError);
  expect(error).toMatchObject({ code: "ENGINE_VERSION", message: expect.stringContaining("Reload the page") });
  expect(engine.connection).toMatchObject({ state: "failed", reason: expect.stringContaining(`${PROTOCOL} and 99`) });
});

test("workers that die before they are ready are started again, but not for ever", async () => {
  // Nobody holds the lock it names: so the page takes it for dead at once.
  const engine = connectToOneThatSays({ tickwork: "starting", protocol: PROTOCOL, alive: "held by nobody" });
  const states: string[] = [];
  engine.onConnectionChange(() => states.push(engine.connection.state));
  await expect.poll(() => engine.connection.state).toBe("failed");
  expect(states).toEqual(["restarting", "restarting", "restarting", "restarting", "restarting", "failed"]);
  expect(started).toBe(6);
  expect(engine.connection.reason).toContain("6 times in a row");
  await expect(engine.listRuns()).rejects.toMatchObject({ code: "ENGINE_DIED" });
});
