import type { CDPSession, Page } from "@playwright/test";

export interface Task {
  /** Time the processor worked on it, in ms: what it takes on a machine that has nothing else to do. */
  readonly cpu: number;
  /** From its begin to its end, in ms. */
  readonly wall: number;
}

export interface TaskWatch {
  /** All tasks of the page's main thread since it was begun, longest first. */
  stop(): Promise<readonly Task[]>;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * Watches the main thread of a page in Chromium. What looks something up in the page while it watches (a locator, an
 * evaluation) is a task as well: between begin and stop only the mouse and the keyboard should be used.
 */
export async function watchTasks(page: Page): Promise<TaskWatch> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel"], recordMode: "recordAsMuchAsPossible" },
  });
  return {
    async stop() {
      const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
      await session.send("Tracing.end");
      await complete;
      await session.detach();
      const main = new Set(
        events.filter(({ args }) => args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`),
      );
      return events
        .filter(({ name, ph, pid, tid }) => ph === "X" && name.endsWith("RunTask") && main.has(`${pid} ${tid}`))
        .map(({ dur = 0, tdur = 0 }) => ({ cpu: tdur / 1_000, wall: dur / 1_000 }))
        .toSorted((a, b) => b.cpu - a.cpu);
    },
  };
}
