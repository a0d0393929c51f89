import type { NodeProps } from "@xyflow/react";
import { CircleHelp, Flag, Play, UserRound } from "lucide-react";
import type { EventRole } from "tickwork/client";
import { classNames } from "../ui/class-names.ts";
import { useFacts } from "../ui/model-context.ts";
import { GraphNodeFrame } from "./GraphNodeFrame.tsx";
import { EVENT_PARTS, readEvent } from "./node-facts.ts";
import type { EventFlowNode } from "./to-flow.ts";

export const ROLE_WORDS: { readonly [role in EventRole]: string } = {
  event: "event",
  start: "event that starts a run",
  stop: "event that ends a run",
  inputRequired: "event that asks someone",
  humanResponse: "event that someone answers with",
};

/** An event is the label of the arrows it travels along. */
export function EventNode({ id, data }: NodeProps<EventFlowNode>) {
  const { name, role } = data.node;
  const { isAwaited, isBreakpoint, passed } = useFacts(EVENT_PARTS, readEvent, name);
  return (
    <GraphNodeFrame
      id={id}
      label={`${name}, ${ROLE_WORDS[role]}${isAwaited ? ", awaited" : ""}${isBreakpoint ? ", breakpoint" : ""}`}
      className={classNames("tw-event", `tw-event-${role}`, isAwaited && "tw-is-awaited")}
      title={isAwaited ? `${name} is awaited` : ROLE_WORDS[role]}
    >
      <RoleIcon role={role} />
      <span className="tw-event-name">{name}</span>
      {isBreakpoint && <span className="tw-event-breakpoint" aria-hidden="true" />}
      {passed !== "" && <span className="tw-event-flow tw-num">{passed}</span>}
    </GraphNodeFrame>
  );
}

export function RoleIcon({ role }: { readonly role: EventRole }) {
  switch (role) {
    case "start":
      return <Play size={11} aria-hidden="true" />;
    case "stop":
      return <Flag size={11} aria-hidden="true" />;
    case "inputRequired":
      return <CircleHelp size={12} aria-hidden="true" />;
    case "humanResponse":
      return <UserRound size={12} aria-hidden="true" />;
    case "event":
      return null;
  }
}
