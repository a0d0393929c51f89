import "./zod-without-eval.ts";
import { serveWorkflows } from "tickwork/worker";
import { csvProfile } from "./csv-profile.ts";
import { siteCheck } from "./site-check.ts";
import { thumbnails } from "./thumbnails.ts";

export const workflows = { "csv-profile": csvProfile, thumbnails, "site-check": siteCheck };
serveWorkflows(workflows, { database: "tickwork" });
