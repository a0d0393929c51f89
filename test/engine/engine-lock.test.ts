import { EngineUnavailableError, processRuntime, type EngineLock, type WorkflowError } from "tickwork";
import { createEngine, MemoryJournal, settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, failureOf, single } from "./fixtures.ts";

const asking = single(async (ctx) => (await ctx.waitForEvent(Answer)).data, { timeout: null }, { waitsFor: Answer });

/** One lock for several engines, as a browser has it for its tabs. */
function sharedLock() {
  let owner: object | null = null;
  const queue: (() => void)[] = [];
  const losers = new Map<object, (reason: WorkflowError) => void>();
  const next = (): void => {
    owner = null;
    queue.shift()?.();
  };
  const createLock = (): EngineLock => {
    const self = {};
    return {
      acquire: (lost) =>
        new Promise((granted) => {
          const take = (): void => {
            owner = self;
            losers.set(self, lost);
            granted();
          };
          if (owner) queue.push(take);
          else take();
        }),
      release: async () => {
        if (owner === self) next();
      },
    };
  };
  const steal = (): void => {
    if (owner) losers.get(owner)?.(new EngineUnavailableError("Taken over.", { code: "ENGINE_REPLACED" }));
    next();
  };
  return { createLock, steal };
}

const open = (journal: MemoryJournal, lock: EngineLock) =>
  createEngine({ single: asking }, { ...processRuntime, journal, lock });

describe("an engine whose runtime has a lock", () => {
  test("takes up runs when it has it, and gives it away when it is closed", async () => {
    const { createLock } = sharedLock();
    const journal = new MemoryJournal();
    const first = await open(journal, createLock());
    await first.start("single", null, { runId: "r" });
    await settle();
    let isOpen = false;
    const second = open(journal, createLock()).finally(() => (isOpen = true));
    await settle();
    expect(isOpen).toBe(false);

    await first.close();
    const handler = await (await second).attach("r");
    await handler.sendEvent(Answer("yes"));
    expect(await handler.result()).toBe("yes");
  });

  test("that is taken from it stops: its runs go on elsewhere, and everyone is told", async () => {
    const { createLock, steal } = sharedLock();
    const journal = new MemoryJournal();
    const first = await open(journal, createLock());
    const handler = await first.start("single", null, { runId: "r" });
    const second = open(journal, createLock());
    await settle();
    const failure = failureOf(handler);
    steal();
    expect(await failure).toMatchObject({ code: "ENGINE_REPLACED" });
    await expect(first.listRuns()).rejects.toMatchObject({ code: "ENGINE_REPLACED" });

    const taken = await (await second).attach("r");
    await taken.sendEvent(Answer("yes"));
    expect(await taken.result()).toBe("yes");
    await first.close();
  });
});
