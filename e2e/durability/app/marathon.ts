/** A page that watches the marathon, and tells the test each thing when it sees it. */
import { WorkflowError } from "tickwork";
import { connect } from "tickwork/client";
import { repeatedWork, ticksOfRunFile } from "tickwork/testing";
import { outsideOf } from "./outside.ts";

export type MarathonNews =
  | { readonly kind: "began"; readonly place: string }
  | { readonly kind: "passed"; readonly sequence: number; readonly place: string | null };

export interface MarathonEnd {
  readonly result: unknown;
  readonly repeated: readonly string[];
}

const RUN_ID = "marathon";

/** Starts the run or goes on with it; tells of events after this one. */
export async function watchMarathon(
  { laps, after }: { laps: number; after: number },
  tell: (news: MarathonNews) => void,
): Promise<MarathonEnd> {
  const engine = connect(() => {
    const worker = new Worker(new URL("./marathon.worker.ts", import.meta.url), { type: "module", name: "marathon" });
    worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const outside = outsideOf(data);
      if (outside?.kind === "began") tell({ kind: "began", place: outside.step });
    });
    return worker;
  });
  await engine.startRun("marathon", { laps }, { runId: RUN_ID }).catch((error: unknown) => {
    if (!(error instanceof WorkflowError && error.code === "RUN_EXISTS")) throw error;
  });
  const handler = await engine.attach(RUN_ID);
  for await (const { sequence, type, data } of handler.streamEvents({ after })) {
    const { lane, lap } = data as { lane: number; lap: number };
    tell({ kind: "passed", sequence, place: type === "Passed" ? `${lane}/${lap}` : null });
  }
  const result = await handler.result();
  const repeated = repeatedWork(ticksOfRunFile(await engine.exportRun(RUN_ID)));
  return { result, repeated };
}
