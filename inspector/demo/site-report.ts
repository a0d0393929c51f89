/** What the site check found: what the workflow ends with and the page draws. */
import { z } from "zod";

export const checkResult = z.object({
  verdict: z.enum(["ok", "slow", "broken"]),
  /** Null when no answer came. */
  status: z.number().nullable(),
  /** Milliseconds to the last byte, in the last attempt. */
  ms: z.number(),
  bytes: z.number(),
  /** The address that answered, if another one than asked. */
  redirectedTo: z.string().nullable(),
  attempts: z.number(),
  problem: z.string().nullable(),
});
export type CheckResult = z.infer<typeof checkResult>;

export const siteReport = z.object({
  origin: z.string(),
  slowMs: z.number(),
  ok: z.number(),
  slow: z.number(),
  broken: z.number(),
  pages: z.array(checkResult.extend({ url: z.string() })),
});
export type SiteCheckReport = z.infer<typeof siteReport>;
