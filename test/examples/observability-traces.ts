import * as otel from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import {
  constantDelay,
  defineWorkflow,
  processRuntime,
  run,
  StartEvent,
  StopEvent,
  withHooks,
} from "tickwork";
import { openTelemetryHook } from "tickwork/opentelemetry";

const exporter = new InMemorySpanExporter(); // in an app: your OTLP exporter
const provider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
const tracing = openTelemetryHook(provider.getTracer("my-app"), otel);

const flaky = defineWorkflow("flaky").step(
  "try",
  { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 2_000 }) },
  (_event, ctx) => {
    if (ctx.retryInfo().attempt === 0) throw new Error("busy");
    return StopEvent("done");
  },
);

const runtime = withHooks(processRuntime, tracing);
await run(flaky, null, { runtime }).result();

for (const { name, attributes, duration } of exporter.getFinishedSpans()) {
  const outcome = attributes["workflow.outcome"] ?? attributes["workflow.status"];
  console.log(`${name}: ${String(outcome)}, ${duration[0]} s`);
}
