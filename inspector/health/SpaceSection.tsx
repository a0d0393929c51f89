import { formatBytes } from "../store/format.ts";
import type { SpaceHealth } from "../store/health-row.ts";
import { useModel } from "../ui/model-context.ts";
import { ActionButton, HealthRows } from "./HealthRows.tsx";

interface SpaceSectionProps {
  readonly space: SpaceHealth;
  /** The guide's page about space. */
  readonly guide: string | undefined;
}

/** What is used of what there is, by whom, and how to have more of it. */
export function SpaceSection({ space: { meter, rows, largest, canFree }, guide }: SpaceSectionProps) {
  const { navigation } = useModel();
  return (
    <>
      {meter === null ? <p className="tw-muted">How much space there is, is not said here.</p> : <Meter {...meter} />}
      <HealthRows rows={rows} />
      {largest.length > 0 && (
        <>
          <h4 className="tw-muted">Largest runs</h4>
          <ol className="tw-health-largest">
            {largest.map(({ runId, workflow, bytes }) => (
              <li key={runId}>
                <button
                  type="button"
                  className="tw-link tw-cut"
                  onClick={() => navigation.openRun(runId)}
                  title={runId}
                >
                  {workflow} <span className="tw-mono">{runId}</span>
                </button>
                <span className="tw-num">{formatBytes(bytes)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      <div className="tw-health-actions">
        {canFree && <ActionButton action={{ does: "freeSpace", label: "Free space" }} />}
        {guide !== undefined && (
          <a className="tw-link" href={guide} target="_blank">
            How much is kept, and how to say so
          </a>
        )}
      </div>
    </>
  );
}

function Meter({ used, quota, tone }: NonNullable<SpaceHealth["meter"]>) {
  const share = Math.min(1, used / quota);
  const text = `${formatBytes(used)} of ${formatBytes(quota)}`;
  return (
    <div className="tw-health-meter">
      <div
        role="meter"
        aria-label="Storage used"
        aria-valuemin={0}
        aria-valuemax={quota}
        aria-valuenow={Math.min(used, quota)}
        aria-valuetext={`${text}, ${percent(share)}`}
        data-tone={tone}
      >
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <p className="tw-num" aria-hidden="true">
        <b>{text}</b> <span className="tw-muted">{percent(share)}</span>
      </p>
    </div>
  );
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? "less than 1 %" : `${Math.round(share * 100)} %`;
}
