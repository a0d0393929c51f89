/** Runs as OpenTelemetry traces. Needs the user's own `@opentelemetry/api`. */
export { openTelemetryHook } from "./telemetry/open-telemetry.ts";
export type { OpenTelemetryApi } from "./telemetry/open-telemetry.ts";
