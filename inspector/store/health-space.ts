/** What is used of what the browser gives, and which runs take it. */
import { formatBytes, formatPlural } from "./format.ts";
import type { HealthAbilities, HealthBasis, HealthRow, HealthTone, SpaceHealth } from "./health-row.ts";

/** As many of the largest runs are named. */
const LARGEST = 5;

export function spaceHealth(basis: HealthBasis, abilities: HealthAbilities): SpaceHealth {
  return {
    meter: meterOf(basis),
    rows: [...keptRow(basis, abilities), runsRow(basis)],
    largest: measured(basis)
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, LARGEST),
    canFree: abilities.canFree,
  };
}

function meterOf({ storage }: HealthBasis): SpaceHealth["meter"] {
  if (storage?.usage === undefined || storage.quota === undefined || storage.quota <= 0) return null;
  const tone: HealthTone = storage.state === "full" ? "trouble" : storage.state === "nearlyFull" ? "look" : "ok";
  return { used: storage.usage, quota: storage.quota, tone };
}

function keptRow({ storage }: HealthBasis, { canKeep }: HealthAbilities): readonly HealthRow[] {
  if (storage?.durable !== true) return [];
  const label = "When the browser needs room";
  if (storage.persisted) return [{ label, value: "It keeps this data", tone: "ok", hint: "It promised to." }];
  return [
    {
      label,
      value: "It may evict this data",
      tone: "plain",
      hint: "Browsers do so rarely, and to sites that were not used for long first.",
      ...(canKeep && { actions: [{ does: "keep", label: "Ask the browser to keep it" }] }),
    },
  ];
}

function runsRow(basis: HealthBasis): HealthRow {
  const sizes = measured(basis);
  const all = Object.keys(basis.runs).length;
  const label = "Runs take";
  if (sizes.length === 0)
    return { label, value: "Not measured yet", tone: "plain", hint: "Runs on disk are measured now and then." };
  const older = basis.nextBefore === null ? "" : "; older ones are not listed";
  return {
    label,
    value: formatBytes(sizes.reduce((sum, { bytes }) => sum + bytes, 0)),
    tone: "plain",
    hint:
      sizes.length === all
        ? `${formatPlural(all, "run")}${older}.`
        : `${sizes.length} of ${formatPlural(all, "run")} measured${older}.`,
  };
}

function measured({ runs }: HealthBasis) {
  return Object.values(runs).flatMap(({ runId, workflow, bytes }) =>
    bytes === undefined ? [] : [{ runId, workflow, bytes }],
  );
}
