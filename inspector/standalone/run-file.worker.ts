// First: it keeps zod from compiling functions, which the page's security policy forbids.
import "../demo/zod-without-eval.ts";
import { serveRunFiles } from "tickwork/worker";

serveRunFiles();
