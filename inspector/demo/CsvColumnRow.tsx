import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import type { Anomaly, ColumnProfile } from "./csv-report.ts";
import { formatCount, formatNoun, formatShare, formatValue } from "./format.ts";
import { Histogram, Shares } from "./Histogram.tsx";

interface CsvColumnRowProps {
  readonly column: ColumnProfile;
  readonly rows: number;
}

/** One column of the file as a row of the report, which opens to its details. */
export function CsvColumnRow({ column, rows }: CsvColumnRowProps) {
  const [open, setOpen] = useState(false);
  const detailId = useId();
  const filled = rows - column.nulls;
  return (
    <tbody className="tw-demo-column" data-open={open}>
      <tr>
        <th scope="row">
          <button
            type="button"
            className="tw-demo-disclosure"
            aria-expanded={open}
            aria-controls={detailId}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={14} aria-hidden="true" />
            <span className="tw-demo-cut tw-demo-cut-name" title={column.name}>
              {column.name}
            </span>
          </button>
        </th>
        <td>
          <span className="tw-demo-type" data-type={column.type}>
            {typeName(column)}
          </span>
          {column.decidedBy === "person" && <span className="tw-demo-by">as answered</span>}
        </td>
        <td className="tw-demo-number" title={formatShare(column.nulls, rows)}>
          {column.nulls === 0 ? <span className="tw-demo-muted">0</span> : formatCount(column.nulls)}
        </td>
        <td className="tw-demo-number">
          {column.exact ? "" : <abbr title="An estimate: the file is too large to remember every value">≈ </abbr>}
          {formatCount(column.distinct)}
        </td>
        <td>
          {column.histogram ? (
            <Histogram counts={column.histogram} min={column.min} max={column.max} />
          ) : (
            <Shares top={column.top} total={filled} />
          )}
        </td>
        <ScaleCells column={column} filled={filled} />
        <td>
          <ul className="tw-demo-chips">
            {column.anomalies.map((anomaly) => (
              <li key={anomaly.kind} className="tw-demo-chip" data-kind={anomaly.kind}>
                {anomalyChip(anomaly)}
              </li>
            ))}
          </ul>
        </td>
      </tr>
      <tr id={detailId} hidden={!open}>
        <td colSpan={9}>{open && <ColumnDetails column={column} filled={filled} />}</td>
      </tr>
    </tbody>
  );
}

/** Smallest, middle and largest value; text has no middle, and says what is most frequent instead. */
function ScaleCells({ column, filled }: { readonly column: ColumnProfile; readonly filled: number }) {
  const { min, max, quantiles } = column;
  if (quantiles) return [min, quantiles.p50, max].map((value, index) => <ScaleCell key={index} value={value} />);
  const [most] = column.top;
  return (
    <td colSpan={3} className="tw-demo-most" title="The most frequent value">
      {most && (
        <>
          <span className="tw-demo-cut">{most.value}</span>{" "}
          <span className="tw-demo-muted">{formatShare(most.count, filled)}</span>
        </>
      )}
    </td>
  );
}

function ScaleCell({ value }: { readonly value: number | string | null }) {
  const text = formatValue(value);
  return (
    <td className="tw-demo-number">
      <span className="tw-demo-cut" title={text}>
        {text}
      </span>
    </td>
  );
}

function ColumnDetails({ column, filled }: { readonly column: ColumnProfile; readonly filled: number }) {
  const { quantiles } = column;
  return (
    <div className="tw-demo-details">
      <div>
        <h3 className="tw-demo-subtitle">Most frequent</h3>
        {column.top.length === 0 ? (
          <p className="tw-demo-muted">No value is frequent.</p>
        ) : (
          <dl className="tw-demo-pairs">
            {column.top.map(({ value, count }) => (
              <div key={value}>
                <dt className="tw-demo-value">{value}</dt>
                <dd>
                  {formatCount(count)} <span className="tw-demo-muted">{formatShare(count, filled)}</span>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      {quantiles && (
        <div>
          <h3 className="tw-demo-subtitle">Quantiles</h3>
          <dl className="tw-demo-pairs">
            {quantileNames.map(([key, name]) => (
              <div key={key}>
                <dt>{name}</dt>
                <dd>{formatValue(quantiles[key])}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <div>
        <h3 className="tw-demo-subtitle">Cells that look like</h3>
        <dl className="tw-demo-pairs">
          {Object.entries(column.kinds)
            .filter(([, count]) => count > 0)
            .map(([kind, count]) => (
              <div key={kind}>
                <dt>{kind}</dt>
                <dd>{formatCount(count)}</dd>
              </div>
            ))}
          <div>
            <dt>null</dt>
            <dd>{formatCount(column.nulls)}</dd>
          </div>
          {column.type === "text" && <AlphabetEnds column={column} />}
        </dl>
      </div>
      {column.anomalies.length > 0 && (
        <div>
          <h3 className="tw-demo-subtitle">Worth a look</h3>
          <ul className="tw-demo-sentences">
            {column.anomalies.map((anomaly) => (
              <li key={anomaly.kind}>{anomalySentence(anomaly)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function AlphabetEnds({ column }: { readonly column: ColumnProfile }) {
  return (
    <>
      <div>
        <dt>first in order</dt>
        <dd className="tw-demo-value">{formatValue(column.min)}</dd>
      </div>
      <div>
        <dt>last in order</dt>
        <dd className="tw-demo-value">{formatValue(column.max)}</dd>
      </div>
    </>
  );
}

const quantileNames = [
  ["p05", "5 %"],
  ["p25", "25 %"],
  ["p50", "median"],
  ["p75", "75 %"],
  ["p95", "95 %"],
] as const;

function typeName(column: ColumnProfile): string {
  return column.type === "number" && column.whole ? "whole number" : column.type;
}

const chipWords = { misfit: "misfit", outlier: "outlier", padded: "padded", constant: "constant" } as const;

function anomalyChip(anomaly: Anomaly): string {
  if (anomaly.kind === "constant") return "constant";
  if (anomaly.kind === "padded") return `${formatCount(anomaly.count)} padded`;
  return formatNoun(anomaly.count, chipWords[anomaly.kind]);
}

function anomalySentence(anomaly: Anomaly): string {
  switch (anomaly.kind) {
    case "misfit":
      return `${formatNoun(anomaly.count, "cell")} cannot be read as this type, such as ${anomaly.examples.map((text) => `“${text}”`).join(", ")}.`;
    case "outlier":
      return `${formatNoun(anomaly.count, "cell")} below ${formatValue(anomaly.below)} or above ${formatValue(anomaly.above)}: further from the middle half than three times its width.`;
    case "padded":
      return `${formatNoun(anomaly.count, "cell")} with white space around the content.`;
    case "constant":
      return `All ${formatNoun(anomaly.count, "cell")} say the same.`;
  }
}
