/** Saved runs of LlamaIndex workflows (Python), read as saved runs of ours. */
export { fromLlamaIndex } from "./serialize/from-llama-index.ts";
export type { LlamaIndexOptions, LlamaIndexImport, NotCarriedOver } from "./serialize/from-llama-index.ts";
