import { Copy, Download, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { exportTicks } from "../source/export-ticks.ts";
import { toErrorText } from "../source/error-text.ts";
import { formatBytes, formatCount, formatPlural } from "../store/format.ts";
import { downloadText } from "../ui/download-json.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { useModel } from "../ui/model-context.ts";
import { queryOf } from "./log-query.ts";

/** Characters that a clipboard is asked to take. */
const MOST_COPIED = 10_000_000;

/** The ticks under the filter, whole, as JSON Lines: to the clipboard or to a file, with progress. */
export function LogExport() {
  const { source, store } = useModel();
  const [progress, setProgress] = useState<string | null>(null);
  const working = useRef<AbortController | null>(null);
  useEffect(() => () => working.current?.abort(), []);

  const say = (announcement: string): void => store.setState({ announcement });
  const give = async (way: "copy" | "download"): Promise<void> => {
    const { runId, logFilter, lastSequence } = store.getState();
    if (runId === null) return;
    const abort = new AbortController();
    working.current = abort;
    setProgress("0");
    try {
      const parts = await exportTicks(
        source,
        runId,
        queryOf(logFilter),
        lastSequence,
        ({ looked, of }) => setProgress(`${formatCount(looked)} of ${formatCount(of)}`),
        abort.signal,
      );
      const ticks = formatPlural(
        parts.reduce((sum, part) => sum + linesIn(part), 0),
        "tick",
      );
      if (way === "download") {
        downloadText(`${runId}.jsonl`, parts, "application/jsonl");
        say(`${ticks} downloaded.`);
        return;
      }
      const size = parts.reduce((sum, part) => sum + part.length, 0);
      if (size > MOST_COPIED) throw new Error(`${formatBytes(size)} is too much for a clipboard. Download it instead.`);
      await navigator.clipboard.writeText(parts.join(""));
      say(`${ticks} copied.`);
    } catch (error) {
      if (!abort.signal.aborted) store.setState({ notice: toErrorText(error) });
    } finally {
      working.current = null;
      setProgress(null);
    }
  };

  if (progress !== null) {
    return (
      <span className="tw-log-export tw-muted tw-num">
        {progress}
        <IconButton label="Stop reading ticks" icon={X} onClick={() => working.current?.abort()} />
      </span>
    );
  }
  return (
    <span className="tw-log-export">
      <IconButton label="Copy these ticks, whole, as JSON Lines" icon={Copy} onClick={() => void give("copy")} />
      <IconButton
        label="Download these ticks, whole, as JSON Lines"
        icon={Download}
        onClick={() => void give("download")}
      />
    </span>
  );
}

function linesIn(part: string): number {
  return part.split("\n").length - 1;
}
