/** Host workflows in a Web Worker, durable in IndexedDB. */
export { serveWorkflows } from "./runtimes/browser/serve.ts";
export type { ServeOptions, DurableRuntime } from "./runtimes/browser/serve.ts";
export { serveRunFiles } from "./runtimes/files/serve-run-files.ts";
export type { StorageCodec, StoragePlace } from "./runtimes/browser/storage-codec.ts";
/** What inspectors, files and hooks may be shown. */
export { redactKeys } from "./inspection/redact-keys.ts";
export type { Redact, RedactContext } from "./inspection/redaction.ts";
