import {
  defineWorkflow,
  processRuntime,
  run,
  StartEvent,
  StopEvent,
  withJournal,
} from "tickwork";
import {
  journalConformance,
  MemoryJournal,
  type RunRecord,
  type TickBatch,
} from "tickwork/testing";

/** Tells what is written to it. Yours might write to a file, or to a server. */
class TellingJournal extends MemoryJournal {
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    super();
    this.#tell = tell;
  }

  override append(runId: string, batch: TickBatch, record: RunRecord) {
    const kinds = batch.ticks.map(({ kind }) => kind).join(", ");
    this.#tell(`${runId}: ${kinds}; ${record.status}`);
    return super.append(runId, batch, record);
  }
}

const broken: string[] = [];
for (const { name, run: check } of journalConformance) {
  await check(() => new TellingJournal(() => undefined)).catch((error: Error) =>
    broken.push(`${name}: ${error.message}`),
  );
}
console.log("rules it breaks:", broken);

const greeting = defineWorkflow("greeting").step(
  "greet",
  { accepts: StartEvent, emits: StopEvent },
  () => StopEvent("hello"),
);

const journal = new TellingJournal((line) => console.log(line));
const runtime = withJournal(processRuntime, journal);
console.log(await run(greeting, null, { runtime, runId: "r1" }).result());
