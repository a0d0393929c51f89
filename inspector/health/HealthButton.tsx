import { Activity } from "lucide-react";
import type { HealthTone } from "../store/health-row.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ToneIcon } from "./ToneIcon.tsx";

const TONE_WORDS: { readonly [tone in HealthTone]: string } = {
  plain: "not known yet",
  ok: "all is well",
  look: "worth a look",
  trouble: "trouble",
};

/** How the engine is, in one sign; opens the view that says it in words. */
export function HealthButton() {
  const { navigation, health } = useModel();
  const tone = useInspector((state) => health(state).tone);
  return (
    <button
      type="button"
      className="tw-button tw-health-button"
      aria-label={`Health: ${TONE_WORDS[tone]}`}
      title={`Health: ${TONE_WORDS[tone]} (h)`}
      aria-keyshortcuts="h"
      aria-haspopup="dialog"
      data-tone={tone}
      onClick={() => navigation.showHealth(true)}
    >
      <Activity size={13} aria-hidden="true" />
      <span className="tw-health-word">Health</span>
      <ToneIcon tone={tone} size={12} />
    </button>
  );
}
