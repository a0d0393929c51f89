import { Menu } from "@base-ui/react";
import {
  Activity,
  BookOpen,
  Download,
  Ellipsis,
  HardDrive,
  Keyboard,
  MessageCircleQuestion,
  Monitor,
  RotateCw,
  SendHorizontal,
  Moon,
  OctagonX,
  Sun,
  Upload,
  Waves,
} from "lucide-react";
import { useContext } from "react";
import { importRunFile } from "../runs/import-run-file.ts";
import { RunMenuItems } from "../runs/RunMenuItems.tsx";
import { classNames } from "../ui/class-names.ts";
import { HealthButton } from "../health/HealthButton.tsx";
import { InboxButton } from "../inbox/InboxButton.tsx";
import { downloadJson } from "../ui/download-json.ts";
import { formatCount, formatRate } from "../store/format.ts";
import { isEnded } from "../store/inspector-state.ts";
import type { Preferences } from "../store/preferences.ts";
import { lengthOf } from "../store/run-row.ts";
import { Logo } from "../ui/Logo.tsx";
import { PortalContext, useInspector, useModel } from "../ui/model-context.ts";
import { lookOfRun, RunStatusIcon, statusWord } from "../ui/StatusIcon.tsx";

/** Which run, how it is, and how the engine is that runs it. */
export function TopBar({ helpUrl }: { readonly helpUrl: string | undefined }) {
  const { navigation, commands } = useModel();
  const runId = useInspector((state) => state.runId);
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const exportRun = async (): Promise<void> => {
    const file = runId === null ? null : await commands.export(runId);
    if (file !== null && runId !== null) downloadJson(`${runId}.json`, file);
  };
  return (
    <header className="tw-top">
      <button
        type="button"
        className="tw-brand"
        onClick={() => navigation.openRun(null)}
        aria-label="tickwork, all runs"
      >
        <Logo /> <span>tickwork</span>
      </button>
      {runId !== null && (
        <div className="tw-crumbs">
          <span className="tw-crumb-runs tw-muted">Runs</span>
          <span className="tw-crumb-runs tw-muted" aria-hidden="true">
            ›
          </span>
          <h1 className="tw-cut" data-run-title tabIndex={-1}>
            {run?.workflow ?? "Run"}
          </h1>
          <code className="tw-muted tw-cut tw-crumb-id" title={runId}>
            {runId}
          </code>
          <RunBadges />
        </div>
      )}
      <EngineFacts />
      <div className="tw-top-actions">
        <InboxButton />
        <HealthButton />
        {helpUrl !== undefined && (
          <a className={classNames("tw-button", runId !== null && "tw-top-wide")} href={helpUrl} target="_blank">
            <BookOpen size={13} aria-hidden="true" /> Guide
          </a>
        )}
        {runId !== null && (
          <>
            <button type="button" className="tw-button tw-top-wide" onClick={() => void exportRun()}>
              <Download size={13} aria-hidden="true" /> Export
            </button>
            {run !== null && !isEnded(run.status) && run.readOnly !== true && (
              <button
                type="button"
                className="tw-button tw-top-wide"
                onClick={() => navigation.openDialog({ kind: "cancel" })}
              >
                <OctagonX size={13} aria-hidden="true" /> Cancel
              </button>
            )}
          </>
        )}
        <MoreMenu helpUrl={helpUrl} />
      </div>
    </header>
  );
}

function RunBadges() {
  const { navigation, store } = useModel();
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const age = useInspector((state) => {
    const open = state.runId === null ? undefined : state.runs[state.runId];
    if (open === undefined) return "";
    return isEnded(open.status) ? lengthOf(open, open.updatedAt, false) : lengthOf(open, state.now, true);
  });
  if (run === null) return null;
  const showWaiters = (): void => {
    navigation.select({ kind: "run" });
    navigation.setTab("overview");
    if (store.getState().isNarrow) navigation.setPanel("detail");
  };
  return (
    <>
      <span className={`tw-badge tw-badge-${lookOfRun(run)}`}>
        <RunStatusIcon run={run} size={13} />
        <span aria-hidden="true">{statusWord(lookOfRun(run))}</span>{" "}
        <span className="tw-num tw-badge-age">· {age}</span>
      </span>
      {run.readOnly === true && <span className="tw-badge">{run.redacted === true ? "Redacted" : "Read-only"}</span>}
      {run.waiting > 0 && run.readOnly !== true && (
        <button type="button" className="tw-badge tw-badge-asking" onClick={showWaiters}>
          <MessageCircleQuestion size={13} aria-hidden="true" /> {formatCount(run.waiting)}{" "}
          {run.waiting === 1 ? "answer wanted" : "answers wanted"}
        </button>
      )}
    </>
  );
}

function EngineFacts() {
  const storage = useInspector((state) => state.storage);
  const rate = useInspector((state) => formatRate(state.traffic.ticksPerSecond));
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  if (storage === null || run === null) return null;
  return (
    <dl className="tw-engine">
      {!isEnded(run.status) && (
        <div>
          <dt className="tw-after">ticks/s</dt>
          <dd className="tw-num">{rate}</dd>
        </div>
      )}
      <div>
        <dt>{storage.durable ? "durable to" : "in memory to"}</dt>
        <dd className="tw-num">#{formatCount(storage.durable ? run.durableSequence : run.sequence)}</dd>
      </div>
    </dl>
  );
}

const THEMES: readonly { readonly value: Preferences["theme"]; readonly word: string; readonly icon: typeof Sun }[] = [
  { value: "system", word: "As the system", icon: Monitor },
  { value: "light", word: "Light", icon: Sun },
  { value: "dark", word: "Dark", icon: Moon },
];

function MoreMenu({ helpUrl }: { readonly helpUrl: string | undefined }) {
  const { navigation, commands, source } = useModel();
  const container = useContext(PortalContext);
  const isEvictable = useInspector((state) => state.storage?.durable === true && !state.storage.persisted);
  const { theme, motion } = useInspector((state) => state.preferences);
  const runId = useInspector((state) => state.runId);
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="tw-button tw-button-icon" aria-label="More">
        <Ellipsis size={14} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal container={container}>
        <Menu.Positioner sideOffset={6} align="end" className="tw-menu-place">
          <Menu.Popup className="tw-menu">
            {runId !== null && (
              <>
                <Menu.Item className="tw-menu-item" onClick={() => navigation.openDialog({ kind: "again" })}>
                  <RotateCw size={13} aria-hidden="true" /> Run again…
                </Menu.Item>
                {run !== null && !isEnded(run.status) && run.readOnly !== true && (
                  <Menu.Item className="tw-menu-item" onClick={() => navigation.openDialog({ kind: "send" })}>
                    <SendHorizontal size={13} aria-hidden="true" /> Send event…
                  </Menu.Item>
                )}
                <RunMenuItems runId={runId} />
                <Menu.Separator className="tw-menu-line" />
              </>
            )}
            <Menu.Item className="tw-menu-item" onClick={() => navigation.showHealth(true)}>
              <Activity size={13} aria-hidden="true" /> Health <kbd>H</kbd>
            </Menu.Item>
            <Menu.Item className="tw-menu-item" onClick={() => void importRunFile(commands)}>
              <Upload size={13} aria-hidden="true" /> Import run file…
            </Menu.Item>
            {isEvictable && source.requestPersistence !== undefined && (
              <Menu.Item className="tw-menu-item" onClick={() => void commands.keepStorage()}>
                <HardDrive size={13} aria-hidden="true" /> Ask the browser to keep the data
              </Menu.Item>
            )}
            <Menu.Separator className="tw-menu-line" />
            <Menu.RadioGroup
              value={theme}
              onValueChange={(value: Preferences["theme"]) => navigation.setPreferences({ theme: value })}
            >
              {THEMES.map(({ value, word, icon: Icon }) => (
                <Menu.RadioItem key={value} value={value} className="tw-menu-item" closeOnClick={false}>
                  <Icon size={13} aria-hidden="true" /> {word}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Separator className="tw-menu-line" />
            <Menu.CheckboxItem
              className="tw-menu-item"
              checked={motion === "reduced"}
              closeOnClick={false}
              onCheckedChange={(isReduced: boolean) =>
                navigation.setPreferences({ motion: isReduced ? "reduced" : "system" })
              }
            >
              <Waves size={13} aria-hidden="true" /> Reduce motion
            </Menu.CheckboxItem>
            <Menu.Item className="tw-menu-item" onClick={() => navigation.openDialog({ kind: "shortcuts" })}>
              <Keyboard size={13} aria-hidden="true" /> Keyboard shortcuts <kbd>?</kbd>
            </Menu.Item>
            {helpUrl !== undefined && (
              <Menu.LinkItem className="tw-menu-item" href={helpUrl} target="_blank">
                <BookOpen size={13} aria-hidden="true" /> Guide
              </Menu.LinkItem>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
