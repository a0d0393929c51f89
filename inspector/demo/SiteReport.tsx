import { Download } from "lucide-react";
import { useMemo } from "react";
import type { ReportViewProps } from "./demo-entry.ts";
import { downloadJson } from "./download.ts";
import { formatBytes, formatDuration, formatNoun } from "./format.ts";
import { ReportMissing } from "./ReportMissing.tsx";
import { type SiteCheckReport, siteReport } from "./site-report.ts";

type Page = SiteCheckReport["pages"][number];

export function SiteReport({ result }: ReportViewProps) {
  const parsed = useMemo(() => siteReport.safeParse(result), [result]);
  if (!parsed.success) return <ReportMissing problem="it is not the report of a site check." />;
  const report = parsed.data;
  const slowest = Math.max(1, ...report.pages.map((page) => page.ms));
  return (
    <section className="tw-demo tw-demo-report" aria-label={`Check of ${report.origin}`}>
      <header className="tw-demo-report-head">
        <div>
          <h2 className="tw-demo-title">{report.origin}</h2>
          <p className="tw-demo-facts">
            {[
              formatNoun(report.pages.length, "address", "addresses"),
              `${report.ok} fine`,
              `${report.slow} slower than ${formatDuration(report.slowMs)}`,
              `${report.broken} broken`,
            ].join(" · ")}
          </p>
        </div>
        <button type="button" className="tw-demo-button" onClick={() => downloadJson("site-check.json", report)}>
          <Download size={14} aria-hidden="true" /> Download JSON
        </button>
      </header>
      <div className="tw-demo-scroll" role="region" aria-label="Addresses" tabIndex={0}>
        <table className="tw-demo-table">
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Verdict</th>
              <th scope="col" className="tw-demo-number">
                Status
              </th>
              <th scope="col" className="tw-demo-number">
                Time
              </th>
              <th scope="col" className="tw-demo-number">
                Size
              </th>
              <th scope="col" className="tw-demo-number">
                Attempts
              </th>
              <th scope="col">What happened</th>
            </tr>
          </thead>
          <tbody>
            {worstFirst(report.pages).map((page) => (
              <PageRow key={page.url} page={page} origin={report.origin} slowest={slowest} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const verdictRank = { broken: 0, slow: 1, ok: 2 } as const;
const verdictWords = { broken: "✕ broken", slow: "◔ slow", ok: "✓ fine" } as const;

function worstFirst(pages: readonly Page[]): Page[] {
  return [...pages].toSorted((a, b) => verdictRank[a.verdict] - verdictRank[b.verdict] || b.ms - a.ms);
}

function PageRow({
  page,
  origin,
  slowest,
}: {
  readonly page: Page;
  readonly origin: string;
  readonly slowest: number;
}) {
  const path = page.url.startsWith(origin) ? page.url.slice(origin.length) : page.url;
  const notes = [page.problem, page.redirectedTo ? `Redirected to ${page.redirectedTo}` : null].filter(Boolean);
  return (
    <tr>
      <th scope="row" className="tw-demo-value">
        <span className="tw-demo-cut tw-demo-cut-wide" title={page.url}>
          {path}
        </span>
      </th>
      <td>
        <span className="tw-demo-chip" data-kind={page.verdict}>
          {verdictWords[page.verdict]}
        </span>
      </td>
      <td className="tw-demo-number">{page.status ?? "–"}</td>
      <td className="tw-demo-number">
        {formatDuration(page.ms)}
        <svg className="tw-demo-bar" viewBox="0 0 60 8" data-verdict={page.verdict} aria-hidden="true">
          <rect x={0} y={1} width={Math.max(1, (page.ms / slowest) * 60)} height={6} rx={1.5} />
        </svg>
      </td>
      <td className="tw-demo-number">{formatBytes(page.bytes)}</td>
      <td className="tw-demo-number">{page.attempts}</td>
      <td className="tw-demo-note">{notes.join(" ")}</td>
    </tr>
  );
}
