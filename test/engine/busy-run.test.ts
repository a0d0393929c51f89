import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, type RunRecord, type TickBatch } from "tickwork/testing";
import { expect, test } from "vitest";

const Start = startEvent<"Start">("Start");
const Next = defineEvent<"Next">("Next");
const Stop = stopEvent<"Stop">("Stop");

/** During each write one step comes to its end: so there is always more to write when a write is done. */
class BusyJournal extends FaultInjectingJournal {
  #isOpen = false;
  #stepMayGo: () => void = () => undefined;
  #writeMayEnd: () => void = () => undefined;

  override async append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    if (record.status === "running") {
      const stepped = new Promise<void>((resolve) => {
        this.#writeMayEnd = resolve;
      });
      this.#isOpen = true;
      this.#stepMayGo();
      await stepped;
    }
    await super.append(runId, batch, record);
  }

  /** What a step waits for before it returns. */
  async duringNextWrite(): Promise<void> {
    if (!this.#isOpen) {
      await new Promise<void>((resolve) => {
        this.#stepMayGo = resolve;
      });
    }
    this.#isOpen = false;
    this.#stepMayGo = () => undefined;
    setTimeout(this.#writeMayEnd, 0);
  }
}

test("who waits for what is written so far does not wait for a run that is never at rest", async () => {
  const journal = new BusyJournal(new MemoryJournal(), { durable: true });
  const busy = defineWorkflow("busy", { timeout: null })
    .step("begin", { accepts: Start, emits: Next }, () => Next(100))
    .step("link", { accepts: Next, emits: [Next, Stop] }, async ({ data }) => {
      await journal.duringNextWrite();
      return Number(data) > 1 ? Next(Number(data) - 1) : Stop("done");
    });
  const engine = await createEngine({ busy }, { journal });

  const handler = await engine.start("busy", null, { runId: "run" });
  expect(handler.status).toBe("running");
  await engine.readTicks("run", { from: 1, limit: 1 });
  await engine.exportRun("run");
  expect(handler.status).toBe("running");

  expect(await handler.result()).toBe("done");
  await engine.close();
});
