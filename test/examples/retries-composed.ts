import { z } from "zod";
import {
  defineWorkflow,
  retryAny,
  retryIfErrorMessage,
  retryIfErrorType,
  retryPolicy,
  run,
  startEvent,
  stopAfterAttempt,
  stopAny,
  stopBeforeDelay,
  stopEvent,
  waitExponential,
  waitRetryAfter,
} from "tickwork";

class HttpError extends Error {
  readonly status: number;
  readonly headers: Headers;
  constructor(status: number, headers: Record<string, string> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.headers = new Headers(headers);
  }
}

const policy = retryPolicy({
  // Which errors are worth another attempt?
  retry: retryAny(
    retryIfErrorType(TypeError), // what fetch throws without a connection
    retryIfErrorMessage({ match: /^HTTP (429|5\d\d)$/ }),
  ),
  // How long to wait? As long as the service says, else 1 s, 2 s, 4 s …
  wait: waitRetryAfter(waitExponential({ initial: 1_000, maximum: 30_000 })),
  // When to give up?
  stop: stopAny(stopAfterAttempt(5), stopBeforeDelay(60_000)),
});

const answers = [
  new HttpError(503),
  new HttpError(429, { "Retry-After": "7" }),
  new HttpError(404),
];

const Get = startEvent("Get", z.object({ url: z.string() }));
const Got = stopEvent("Got", z.object({ text: z.string() }));

const fetching = defineWorkflow("fetching").step(
  "get",
  { accepts: Get, emits: Got, retryPolicy: policy },
  (_event, ctx) => {
    console.log(`${ctx.retryInfo().elapsed} ms`);
    throw answers[ctx.retryInfo().attempt] ?? new Error("unexpected");
  },
);

await run(fetching, { url: "/page" })
  .result()
  .catch((error: Error) => console.log(error.message));
console.log(policy.description);
