import { AppWindow, FileJson, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Inspector } from "../index.ts";
import { browserPreferencesStorage } from "../store/preferences.ts";
import { ChooseSource } from "./ChooseSource.tsx";
import type { LookedAt } from "./looked-at.ts";
import { databaseInAddress, lookAtFiles, lookAtTab, takeLayoutWorker, writeAddress } from "./looked-at.ts";

interface StandalonePageProps {
  /** What the address asked for; made outside React, which mounts twice. */
  readonly first: LookedAt | null;
}

/** The inspector without an app around it. */
export function StandalonePage({ first }: StandalonePageProps) {
  const [shown, setShown] = useState(first);
  const [problem, setProblem] = useState<string | null>(null);
  const [isOpening, setOpening] = useState(false);

  const show = useCallback((next: LookedAt | null) => {
    writeAddress(next?.kind === "tab" ? next.title : null);
    if (next === null) location.hash = "";
    setProblem(null);
    setShown((before) => {
      if (before !== next) void before?.engine.close();
      return next;
    });
  }, []);
  const openFiles = (files: readonly File[]): void => {
    setOpening(true);
    setProblem(null);
    lookAtFiles(files)
      .then(show, (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => setOpening(false));
  };
  useEffect(() => {
    document.title = shown === null ? "tickwork inspector" : `${shown.title} · tickwork inspector`;
  }, [shown]);

  if (shown === null) {
    return (
      <div className="tw-root tw-standalone" data-theme={browserPreferencesStorage().read().theme}>
        <ChooseSource
          problem={problem}
          isOpening={isOpening}
          onDatabase={(database) => show(lookAtTab(database))}
          onFiles={openFiles}
        />
      </div>
    );
  }
  return (
    <Inspector
      key={shown.title}
      source={shown.engine}
      layoutWorker={takeLayoutWorker}
      placeInUrl
      header={<SourceBar shown={shown} onClose={() => show(null)} />}
    />
  );
}

function SourceBar({ shown, onClose }: { readonly shown: LookedAt; readonly onClose: () => void }) {
  const isTab = shown.kind === "tab";
  const Icon = isTab ? AppWindow : FileJson;
  return (
    <div className="tw-source-bar">
      <Icon size={14} aria-hidden="true" />
      <p className="tw-cut">
        {isTab ? "The app in another tab: " : "Opened from disk, nothing is stored: "}
        <b>{shown.title}</b>
      </p>
      <button type="button" className="tw-button" onClick={onClose}>
        <X size={13} aria-hidden="true" /> Close
      </button>
    </div>
  );
}

export function firstShown(): LookedAt | null {
  const database = databaseInAddress();
  return database === null || database === "" ? null : lookAtTab(database);
}
