import { formatNoun, formatValue } from "./format.ts";

const width = 120;
const height = 28;

interface HistogramProps {
  readonly counts: readonly number[];
  readonly min: number | string | null;
  readonly max: number | string | null;
}

/** Bars of equal width from the smallest to the largest value. */
export function Histogram({ counts, min, max }: HistogramProps) {
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const fullest = counts.indexOf(most);
  const label = `${formatNoun(counts.length, "bin")} from ${formatValue(min)} to ${formatValue(max)}; bin ${fullest + 1} is the fullest`;
  return (
    <svg className="tw-demo-histogram" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {counts.map((count, index) => {
        // A bin with one cell stays visible beside one with a million.
        const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * (height - 1));
        return <rect key={index} x={index * step + 0.5} y={height - 1 - tall} width={step - 1} height={tall} />;
      })}
      <line x1={0} y1={height - 0.5} x2={width} y2={height - 0.5} />
    </svg>
  );
}

interface SharesProps {
  readonly top: readonly { readonly value: string; readonly count: number }[];
  readonly total: number;
}

/** The most frequent values as shares of one bar. */
export function Shares({ top, total }: SharesProps) {
  let x = 0;
  const label = top.map(({ value, count }) => `${value}: ${count} of ${total}`).join("; ");
  return (
    <svg className="tw-demo-shares" viewBox={`0 0 ${width} 8`} role="img" aria-label={label || "no value twice"}>
      <rect className="tw-demo-shares-rest" x={0} y={0} width={width} height={8} rx={2} />
      {top.map(({ value, count }, index) => {
        const wide = total === 0 ? 0 : (count / total) * width;
        const left = x;
        x += wide;
        return (
          <rect key={value} x={left} y={0} width={Math.max(0, wide - 0.5)} height={8} fillOpacity={1 - index * 0.14} />
        );
      })}
    </svg>
  );
}
