import { AppWindow, FolderOpen } from "lucide-react";
import { useEffect, useState } from "react";
import { listEngines } from "tickwork/client";
import { useFileDrop } from "../runs/use-file-drop.ts";
import { chooseFile } from "../ui/choose-file.ts";
import { whenIdle } from "../source/when-idle.ts";
import { classNames } from "../ui/class-names.ts";
import { Logo } from "../ui/Logo.tsx";
import { expectFiles } from "./looked-at.ts";

interface ChooseSourceProps {
  readonly problem: string | null;
  readonly isOpening: boolean;
  readonly onDatabase: (database: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Where the page begins: the apps that are open on this site, and files. */
export function ChooseSource({ problem, isOpening, onDatabase, onFiles }: ChooseSourceProps) {
  const databases = useEngines();
  useEffect(() => {
    if (isOpening) return undefined;
    let stopExpecting: (() => void) | null = null;
    const cancel = whenIdle(() => (stopExpecting = expectFiles()));
    return () => {
      cancel();
      stopExpecting?.();
    };
  }, [isOpening]);
  const drop = useFileDrop(onFiles);
  const choose = async (): Promise<void> => {
    const file = await chooseFile("application/json,.json");
    if (file !== null) onFiles([file]);
  };
  return (
    <main className={classNames("tw-choose", drop.isOver && "tw-is-drop")} {...drop.handlers}>
      <header className="tw-choose-head">
        <Logo />
        <h1>Look into a run</h1>
        <p>See what an app on this site does right now, or what a run did that somebody sent you as a file.</p>
      </header>
      <section className="tw-choose-part" aria-labelledby="tw-choose-apps">
        <h2 id="tw-choose-apps">
          <AppWindow size={14} aria-hidden="true" /> Apps open on this site
        </h2>
        {databases.length === 0 ? (
          <p className="tw-muted">
            None. Open the app in another tab of this browser, at the same address as this page: it appears here.
          </p>
        ) : (
          <ul>
            {databases.map((database) => (
              <li key={database}>
                <button type="button" className="tw-card" onClick={() => onDatabase(database)}>
                  <b>{database}</b>
                  <span className="tw-muted">Runs in another tab</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="tw-choose-part" aria-labelledby="tw-choose-file">
        <h2 id="tw-choose-file">
          <FolderOpen size={14} aria-hidden="true" /> A run file
        </h2>
        <p className="tw-muted">What “Export” gave. It is read in this page, sent nowhere, and not stored.</p>
        <button
          type="button"
          className="tw-button tw-button-primary"
          disabled={isOpening}
          onClick={() => void choose()}
        >
          {isOpening ? "Opening…" : "Open a file…"}
        </button>{" "}
        <span className="tw-muted">or drop it here</span>
        {problem !== null && (
          <p className="tw-note tw-note-danger" role="alert">
            {problem}
          </p>
        )}
      </section>
    </main>
  );
}

/** Looked at once per second while the page is shown: there is no event for it. */
function useEngines(): readonly string[] {
  const [databases, setDatabases] = useState<readonly string[]>([]);
  useEffect(() => {
    let isOver = false;
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      const found = await listEngines();
      if (!isOver) setDatabases((before) => (before.join("\n") === found.join("\n") ? before : found));
    };
    void look();
    const timer = setInterval(() => void look(), 1_000);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, []);
  return databases;
}
