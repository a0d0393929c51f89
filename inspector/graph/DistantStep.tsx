import { Hand, TriangleAlert, UserRound } from "lucide-react";
import { classNames } from "../ui/class-names.ts";
import { HintMark } from "./HintMark.tsx";
import type { DistantFacts } from "./node-facts.ts";
import { QueueBar } from "./QueueBar.tsx";

interface DistantStepProps {
  readonly name: string;
  readonly facts: DistantFacts;
  readonly hint: string | null;
}

/** A step too small to read a number on: how deep its queue is, and what is wrong. */
export function DistantStep({ name, facts: { isHeld, hasFailed, isWaiting, queued }, hint }: DistantStepProps) {
  return (
    <>
      <span className="tw-step-name">{name}</span>
      <span className="tw-step-big">
        {isHeld && <Hand className="tw-accent" size={28} aria-hidden="true" />}
        {hasFailed && <TriangleAlert className="tw-danger" size={28} aria-hidden="true" />}
        {isWaiting && <UserRound className="tw-warn" size={28} aria-hidden="true" />}
        {hint !== null && <HintMark hint={hint} size={28} />}
      </span>
      <QueueBar queued={queued} />
    </>
  );
}

export function distantLook({ isUntouched, isBusy, isHeld, areAllHeld }: DistantFacts): string {
  return classNames(
    isUntouched && "tw-is-untouched",
    isBusy && "tw-is-busy",
    isHeld && "tw-is-held",
    areAllHeld && "tw-all-held",
  );
}
