import { formatClock } from "../store/format.ts";
import type { LogLine } from "../store/step-result.ts";
import { previewJson } from "../store/json-rows.ts";

/** What a step wrote with `ctx.log`. */
export function LogLines({ logs }: { readonly logs: readonly LogLine[] }) {
  return (
    <ol className="tw-log-lines" aria-label="Log">
      {logs.map(({ at, message, data }, index) => (
        // Two lines may say the same at the same moment.
        <li key={index}>
          <span className="tw-muted tw-num">{formatClock(at)}</span>
          <span>
            {message.slice(0, 2_000)} {data !== undefined && <code className="tw-muted">{previewJson(data, 200)}</code>}
          </span>
        </li>
      ))}
    </ol>
  );
}
