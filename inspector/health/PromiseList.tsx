import type { LucideIcon } from "lucide-react";
import { CircleDashed, ShieldAlert, ShieldCheck } from "lucide-react";
import type { PromiseRow } from "../store/health-row.ts";

const LOOKS: { readonly [state in PromiseRow["state"]]: readonly [icon: LucideIcon, className: string, word: string] } =
  {
    kept: [ShieldCheck, "tw-ok", "Kept."],
    notNow: [ShieldAlert, "tw-warn", "Not now, because"],
    unknown: [CircleDashed, "tw-muted", "Not known yet."],
  };

/** What the engine promises, and whether it keeps it as things are. */
export function PromiseList({ promises }: { readonly promises: readonly PromiseRow[] }) {
  return (
    <ul className="tw-health-promises">
      {promises.map(({ promise, state, because }) => {
        const [Icon, className, word] = LOOKS[state];
        return (
          <li key={promise} data-state={state}>
            <Icon size={15} className={className} aria-hidden="true" />
            <p>
              <b>{promise}.</b> <span className={className}>{word}</span> <span className="tw-muted">{because}</span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}
