import { Menu } from "@base-ui/react";
import {
  Activity,
  BookOpen,
  HardDrive,
  Keyboard,
  Monitor,
  Moon,
  RotateCw,
  SendHorizontal,
  Sun,
  Upload,
  Waves,
} from "lucide-react";
import { useContext } from "react";
import { importRunFile } from "../runs/import-run-file.ts";
import { RunMenuItems } from "../runs/RunMenuItems.tsx";
import { canRunAgain, isLeftAlone } from "../store/abilities.ts";
import { isEnded } from "../store/inspector-state.ts";
import type { Preferences } from "../store/preferences.ts";
import type { LateMenuProps } from "../ui/LateMenu.tsx";
import { PortalContext, useInspector, useModel } from "../ui/model-context.ts";

const THEMES: readonly { readonly value: Preferences["theme"]; readonly word: string; readonly icon: typeof Sun }[] = [
  { value: "system", word: "As the system", icon: Monitor },
  { value: "light", word: "Light", icon: Sun },
  { value: "dark", word: "Dark", icon: Moon },
];

export interface AboutMore {
  readonly helpUrl: string | undefined;
}

/** What can be done with the open run, and how the inspector looks. */
export default function MoreMenu({ trigger, helpUrl }: AboutMore & LateMenuProps) {
  const { navigation, commands, source } = useModel();
  const container = useContext(PortalContext);
  const isEvictable = useInspector((state) => state.storage?.durable === true && !state.storage.persisted);
  const { theme, motion } = useInspector((state) => state.preferences);
  const runId = useInspector((state) => state.runId);
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const isRunnable = useInspector((state) => canRunAgain(state));
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={trigger} />
      <Menu.Portal container={container}>
        <Menu.Positioner sideOffset={6} align="end" className="tw-menu-place">
          <Menu.Popup className="tw-menu">
            {runId !== null && (
              <>
                {isRunnable && (
                  <Menu.Item className="tw-menu-item" onClick={() => navigation.openDialog({ kind: "again" })}>
                    <RotateCw size={13} aria-hidden="true" /> Run again…
                  </Menu.Item>
                )}
                {run !== null && !isEnded(run.status) && run.readOnly !== true && !isLeftAlone(run) && (
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
