import { useInspector, useModel } from "../ui/model-context.ts";
import type { Panel } from "../store/place.ts";
import { classNames } from "../ui/class-names.ts";

const WORDS: readonly (readonly [Panel, string])[] = [
  ["runs", "Runs"],
  ["graph", "Graph"],
  ["log", "Log"],
  ["timeline", "Timeline"],
  ["detail", "Detail"],
];

/** In a narrow container one panel shows at a time; these switch between them. */
export function PanelTabs() {
  const { navigation } = useModel();
  const panel = useInspector((state) => (state.panel === "report" ? "graph" : state.panel));
  return (
    <nav className="tw-panel-tabs" aria-label="Panels">
      {WORDS.map(([value, word]) => (
        <button
          key={value}
          type="button"
          className={classNames("tw-panel-tab", panel === value && "tw-is-on")}
          aria-current={panel === value ? "page" : undefined}
          onClick={() => navigation.setPanel(value)}
        >
          {word}
        </button>
      ))}
    </nav>
  );
}
