import { useId, useState } from "react";
import type { StartPanelProps } from "./demo-entry.ts";
import { formatNoun } from "./format.ts";
import { TaskStatus } from "./TaskStatus.tsx";
import { useTask } from "./use-task.ts";

export function SiteStartPanel({ onStart }: StartPanelProps) {
  const task = useTask();
  const [text, setText] = useState(() => ownAddresses().join("\n"));
  const [timeoutMs, setTimeoutMs] = useState(5_000);
  const [slowMs, setSlowMs] = useState(500);
  const addressesId = useId();
  const urls = text.split("\n").flatMap((line) => line.trim() || []);
  return (
    <div className="tw-demo tw-demo-panel">
      <label className="tw-demo-field" htmlFor={addressesId}>
        Addresses of {location.origin}, one a line
      </label>
      <textarea
        id={addressesId}
        className="tw-demo-input tw-demo-addresses"
        rows={6}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="tw-demo-actions">
        <Milliseconds label="Time limit" value={timeoutMs} min={50} max={60_000} onChange={setTimeoutMs} />
        <Milliseconds label="Slow from" value={slowMs} min={1} max={60_000} onChange={setSlowMs} />
        <button
          type="button"
          className="tw-demo-button tw-demo-button-main"
          disabled={urls.length === 0 || task.doing !== null}
          onClick={() =>
            task.start("Starting…", async () =>
              onStart("site-check", { origin: location.origin, urls, timeoutMs, slowMs }),
            )
          }
        >
          Check {formatNoun(urls.length, "address", "addresses")}
        </button>
      </div>
      <TaskStatus task={task} />
    </div>
  );
}

interface MillisecondsProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

function Milliseconds({ label, value, min, max, onChange }: MillisecondsProps) {
  return (
    <label className="tw-demo-field">
      {label}
      <input
        type="number"
        className="tw-demo-input tw-demo-milliseconds"
        value={value}
        min={min}
        max={max}
        onChange={(event) => {
          const { valueAsNumber } = event.currentTarget;
          if (Number.isFinite(valueAsNumber)) onChange(Math.min(max, Math.max(min, Math.round(valueAsNumber))));
        }}
      />
      ms
    </label>
  );
}

/** The page itself and what it has loaded, as paths, and one file that is not there. */
function ownAddresses(): string[] {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const paths = [location.href, ...loaded]
    .filter((address) => URL.canParse(address) && new URL(address).origin === location.origin)
    .map((address) => new URL(address))
    .map(({ pathname, search }) => pathname + search);
  return [...new Set([...paths, "/not-there.json"])].slice(0, 40);
}
