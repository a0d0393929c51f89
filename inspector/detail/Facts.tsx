import type { ReactNode } from "react";

/** Names and values, aligned. Values that are null are left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="tw-facts">
      {facts.map(([name, value]) =>
        value === null || value === undefined || value === "" ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="tw-num">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
