import { NO_RUN_FILTER } from "../store/place.ts";
import type { HealthAction, HealthRow, HealthTone } from "../store/health-row.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ToneIcon } from "./ToneIcon.tsx";

/** What a tone adds for those who do not see its sign. */
const SPOKEN: { readonly [tone in HealthTone]: string } = {
  plain: "",
  ok: "",
  look: "Worth a look: ",
  trouble: "Trouble: ",
};

/** Facts, each with how good it is, what it means, and what can be done. */
export function HealthRows({ rows }: { readonly rows: readonly HealthRow[] }) {
  return (
    <dl className="tw-health-rows">
      {rows.map(({ label, value, tone, hint, code, actions = [] }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <span className="tw-health-value tw-num">
              {tone !== "plain" && <ToneIcon tone={tone} />}
              <span>
                <span className="tw-sr">{SPOKEN[tone]}</span>
                {value}
              </span>
            </span>
            {actions.filter(isLink).map((action) => (
              <ActionButton key={action.does} action={action} />
            ))}
            {hint !== undefined && (
              <span className="tw-health-hint tw-num">
                {hint} {code !== undefined && <code className="tw-tag">{code}</code>}
              </span>
            )}
            {actions.some((action) => !isLink(action)) && (
              <span className="tw-health-actions">
                {actions
                  .filter((action) => !isLink(action))
                  .map((action) => (
                    <ActionButton key={action.does} action={action} />
                  ))}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What leads somewhere stands beside the value; what does something, below the text that says why. */
function isLink({ does }: HealthAction): boolean {
  return does === "showRuns";
}

export function ActionButton({ action }: { readonly action: HealthAction }) {
  const { navigation, commands, store } = useModel();
  const isFreeing = useInspector((state) => state.isFreeingSpace);
  const act = (): void => {
    switch (action.does) {
      case "retry":
        void commands.retryStorage();
        return;
      case "freeSpace":
        void commands.freeSpace();
        return;
      case "keep":
        void commands.keepStorage();
        return;
      case "reload":
        location.reload();
        return;
      case "showRuns":
        navigation.filterRuns({ ...NO_RUN_FILTER, status: action.status });
        if (store.getState().isNarrow) navigation.setPanel("runs");
        navigation.showHealth(false);
    }
  };
  if (isLink(action)) {
    return (
      <button type="button" className="tw-link" onClick={act}>
        {action.label}
      </button>
    );
  }
  // Not disabled while it works: the focus would be lost.
  const isBusy = action.does === "freeSpace" && isFreeing;
  return (
    <button type="button" className="tw-button tw-button-small" aria-disabled={isBusy} onClick={act}>
      {isBusy ? "Freeing…" : action.label}
    </button>
  );
}
