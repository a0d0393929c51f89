import { Ban, Check, CheckCheck, Hourglass, LoaderCircle, MessageCircleQuestion, Trash2 } from "lucide-react";
import type { InboxPhase } from "../store/inbox.ts";

const ICONS: { readonly [phase in InboxPhase]: typeof Ban } = {
  open: MessageCircleQuestion,
  sending: LoaderCircle,
  sent: Check,
  answered: CheckCheck,
  expired: Hourglass,
  ended: Ban,
  deleted: Trash2,
};

/** Beside the word for it. */
export function PhaseIcon({ phase }: { readonly phase: InboxPhase }) {
  const Icon = ICONS[phase];
  return <Icon size={15} className={phase === "open" ? "tw-warn" : "tw-muted"} aria-hidden="true" />;
}
