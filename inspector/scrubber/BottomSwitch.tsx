import type { Bottom } from "../store/place.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

const WORDS: readonly (readonly [Bottom, string])[] = [
  ["log", "Log"],
  ["timeline", "Timeline"],
];

/** What stands below: the log or the timeline. */
export function BottomSwitch() {
  const { navigation } = useModel();
  const bottom = useInspector((state) => state.bottom);
  return (
    <div className="tw-bottom-switch" role="group" aria-label="Below">
      {WORDS.map(([value, word]) => (
        <button
          key={value}
          type="button"
          className={classNames("tw-switch-part", bottom === value && "tw-is-on")}
          aria-pressed={bottom === value}
          title={`${word} (T switches)`}
          onClick={() => navigation.showBottom(value)}
        >
          {word}
        </button>
      ))}
    </div>
  );
}
