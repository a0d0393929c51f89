import { CircleCheck, CircleDashed, OctagonAlert, TriangleAlert } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { HealthTone } from "../store/health-row.ts";

const LOOKS: { readonly [tone in HealthTone]: readonly [icon: LucideIcon, className: string] } = {
  plain: [CircleDashed, "tw-muted"],
  ok: [CircleCheck, "tw-ok"],
  look: [TriangleAlert, "tw-warn"],
  trouble: [OctagonAlert, "tw-danger"],
};

/** Told apart by shape as well as by colour. Whoever shows it says in words what it means. */
export function ToneIcon({ tone, size = 13 }: { readonly tone: HealthTone; readonly size?: number }) {
  const [Icon, className] = LOOKS[tone];
  return <Icon size={size} className={className} aria-hidden="true" />;
}
