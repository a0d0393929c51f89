import type { LucideIcon } from "lucide-react";
import { AppWindow, CircleAlert, Copy } from "lucide-react";
import type { ReactNode } from "react";
import { useState } from "react";
import type { RenderStart } from "../inbox/StartPanel.tsx";
import { StartPanel } from "../inbox/StartPanel.tsx";
import { ENGINE_ABSENT, ENGINE_ELSEWHERE } from "../source/error-text.ts";
import { canStart } from "../store/abilities.ts";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";

/** Nothing is wrong with the engine: it is not here. */
const AWAY: { readonly [code: string]: readonly [LucideIcon, string] } = {
  [ENGINE_ELSEWHERE]: [Copy, "Another tab is at work"],
  [ENGINE_ABSENT]: [AppWindow, "The app is not open"],
};

/** Starts a workflow and opens its run. Rejects with the engine's error. */
export type StartWorkflow = (workflow: string, input: unknown) => Promise<string>;

export interface FirstRunProps {
  readonly start: StartWorkflow;
}

/** What a host shows to those who have no runs yet. */
export type RenderFirstRun = (props: FirstRunProps) => ReactNode;

interface WelcomeProps {
  readonly renderStart: RenderStart | undefined;
  readonly renderFirstRun: RenderFirstRun | undefined;
}

/** No run is open: what this is, and something to start. */
export function Welcome({ renderStart, renderFirstRun }: WelcomeProps) {
  const { commands } = useModel();
  const workflows = useInspector((state) => state.workflows);
  const connection = useInspector((state) => state.connection);
  const hasRuns = useInspector((state) => state.runIds.length > 0);
  const isStartable = useInspector(canStart);
  const [chosen, setChosen] = useState<string | null>(null);
  const problem = useInspector((state) => state.problem);
  const isFirst = connection === "ready" && !hasRuns;
  const workflow = workflows.find(({ name }) => name === chosen) ?? workflows[0];
  if (connection === "unavailable" && workflows.length === 0 && problem !== null) {
    const [icon, title] = AWAY[problem.code ?? ""] ?? ([CircleAlert, "The engine does not answer"] as const);
    return (
      <div className="tw-main-problem">
        <EmptyState icon={icon} title={title}>
          <p>{problem.message}</p>
        </EmptyState>
      </div>
    );
  }
  return (
    <section className="tw-welcome" aria-label={isStartable ? "Start a run" : "No run is open"}>
      <div className="tw-welcome-page">
        {isFirst && renderFirstRun !== undefined ? (
          <>
            <div className="tw-yours">{renderFirstRun({ start: (name, input) => commands.start(name, input) })}</div>
            <h2>Or choose one yourself</h2>
          </>
        ) : (
          <>
            <h1>{titleOf(isStartable, hasRuns)}</h1>
            <p className="tw-welcome-text">
              Every step that a run takes is written down: it survives a reload, and can be looked at, tick by tick,
              while it goes on and long after.
            </p>
          </>
        )}
        {connection === "loading" && <Skeleton label="Asking the engine for its workflows" rows={4} />}
        {connection === "ready" && workflows.length === 0 && !hasRuns && (
          <p className="tw-muted">This engine serves no workflows yet. Pass some to serveWorkflows in its worker.</p>
        )}
        {workflow !== undefined && (
          <>
            <div className="tw-welcome-choice" role="group" aria-label="Workflow">
              {workflows.map(({ name, description, graph }) => (
                <button
                  key={name}
                  type="button"
                  className={classNames("tw-card", name === workflow.name && "tw-is-selected")}
                  aria-pressed={name === workflow.name}
                  onClick={() => setChosen(name)}
                >
                  <b>{name}</b>
                  <span className="tw-muted">
                    {description ?? `${graph.nodes.filter((node) => node.kind === "step").length} steps`}
                  </span>
                </button>
              ))}
            </div>
            <div className="tw-welcome-start" key={workflow.name}>
              <StartPanel workflow={workflow} renderStart={renderStart} />
            </div>
          </>
        )}
      </div>
    </section>
  );
}

function titleOf(isStartable: boolean, hasRuns: boolean): string {
  if (!isStartable) return hasRuns ? "Open a run" : "No runs here";
  return hasRuns ? "Open a run, or start one" : "Start your first run";
}
