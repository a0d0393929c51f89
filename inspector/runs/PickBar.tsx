import { CircleArrowRight, Download, GitCompareArrows, OctagonX, Trash2, X } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { useMemo } from "react";
import { formatCount } from "../store/format.ts";
import { pickedRuns } from "../store/run-picks.ts";
import type { RunVerb } from "../store/run-command.ts";
import { isFitFor } from "../store/run-work.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";

const VERBS: readonly { readonly verb: RunVerb; readonly word: string; readonly icon: LucideIcon }[] = [
  { verb: "export", word: "Export", icon: Download },
  { verb: "resume", word: "Resume", icon: CircleArrowRight },
  { verb: "cancel", word: "Cancel", icon: OctagonX },
  { verb: "delete", word: "Delete", icon: Trash2 },
];

/** What can be done with the picked runs, and with how many of them. */
export default function PickBar({ shown }: { readonly shown: readonly string[] }) {
  const { picker, works, navigation } = useModel();
  const runs = useInspector((state) => state.runs);
  const runIds = useInspector((state) => state.runIds);
  const picks = useInspector((state) => state.picks);
  const picked = useMemo(() => pickedRuns({ picks, runIds }), [picks, runIds]);
  if (picks === null) return null;
  const fitFor = (verb: RunVerb): readonly string[] => picked.filter((runId) => isFitFor(verb, runs[runId]));
  const isAll = shown.length > 0 && shown.every((runId) => picks.ids.has(runId));
  const begin = (verb: RunVerb, ids: readonly string[]): void => {
    if (verb === "cancel") navigation.openDialog({ kind: "cancel", runIds: ids });
    else works.begin(verb, ids);
    if (verb === "delete") picker.pickNone();
  };
  // The older one first: the newer is usually the one in question.
  const comparePicked = (): void => {
    const [newer, older] = picked;
    if (newer !== undefined && older !== undefined) navigation.compare(older, newer);
  };
  return (
    <div
      className="tw-picks"
      role="toolbar"
      aria-label="Selected runs"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        event.preventDefault();
        picker.end();
      }}
    >
      <div className="tw-picks-head">
        <b className="tw-num">{formatCount(picked.length)} selected</b>
        <button type="button" className="tw-link" onClick={() => (isAll ? picker.pickNone() : picker.pickAll(shown))}>
          {isAll ? "None" : `All ${formatCount(shown.length)}`}
        </button>
        <IconButton label="Leave the selection" shortcut="Esc" icon={X} onClick={() => picker.end()} />
      </div>
      <div className="tw-picks-verbs">
        {VERBS.map(({ verb, word, icon: Icon }) => {
          const ids = fitFor(verb);
          const isFew = ids.length > 0 && ids.length < picked.length;
          return (
            <button
              key={verb}
              type="button"
              className="tw-button tw-button-small"
              disabled={ids.length === 0}
              onClick={() => begin(verb, ids)}
            >
              <Icon size={13} aria-hidden="true" /> {word}
              {isFew && <span className="tw-num">{formatCount(ids.length)}</span>}
            </button>
          );
        })}
        {picked.length === 2 && (
          <button type="button" className="tw-button tw-button-small" onClick={() => comparePicked()}>
            <GitCompareArrows size={13} aria-hidden="true" /> Compare
          </button>
        )}
      </div>
    </div>
  );
}
