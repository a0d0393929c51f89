import { Download } from "lucide-react";
import { useMemo } from "react";
import { CsvColumnRow } from "./CsvColumnRow.tsx";
import { csvReport, type FileFacts } from "./csv-report.ts";
import type { ReportViewProps } from "./demo-entry.ts";
import { downloadJson } from "./download.ts";
import { formatBytes, formatNoun } from "./format.ts";
import { ReportMissing } from "./ReportMissing.tsx";

export function CsvReport({ result }: ReportViewProps) {
  const parsed = useMemo(() => csvReport.safeParse(result), [result]);
  if (!parsed.success) return <ReportMissing problem="it is not a profile of a CSV file." />;
  const { file, columns } = parsed.data;
  return (
    <section className="tw-demo tw-demo-report" aria-label={`Profile of ${file.name}`}>
      <header className="tw-demo-report-head">
        <div>
          <h2 className="tw-demo-title">{file.name}</h2>
          <p className="tw-demo-facts">{fileFacts(file, columns.length).join(" · ")}</p>
        </div>
        <button
          type="button"
          className="tw-demo-button"
          onClick={() => downloadJson(`${file.name}.profile.json`, parsed.data)}
        >
          <Download size={14} aria-hidden="true" /> Download JSON
        </button>
      </header>
      <Irregularities file={file} />
      <div className="tw-demo-scroll" role="region" aria-label="Columns" tabIndex={0}>
        <table className="tw-demo-table">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Type</th>
              <th scope="col" className="tw-demo-number">
                Nulls
              </th>
              <th scope="col" className="tw-demo-number">
                Distinct
              </th>
              <th scope="col">Distribution</th>
              <th scope="col" className="tw-demo-number">
                Min
              </th>
              <th scope="col" className="tw-demo-number">
                Median
              </th>
              <th scope="col" className="tw-demo-number">
                Max
              </th>
              <th scope="col">Worth a look</th>
            </tr>
          </thead>
          {columns.map((column) => (
            <CsvColumnRow key={column.name} column={column} rows={file.rows} />
          ))}
        </table>
      </div>
    </section>
  );
}

const delimiterNames = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" } as const;

function fileFacts(file: FileFacts, columns: number): string[] {
  return [
    formatNoun(file.rows, "row"),
    formatNoun(columns, "column"),
    formatBytes(file.bytes),
    `cells between ${delimiterNames[file.delimiter]}`,
    file.encoding === "utf-8" ? "UTF-8" : "Windows-1252",
    ...(file.header ? [] : ["no header"]),
  ];
}

function Irregularities({ file }: { readonly file: FileFacts }) {
  const found = [
    file.shortRows > 0 ? `${formatNoun(file.shortRows, "row")} too short: missing cells count as nulls` : null,
    file.longRows > 0
      ? `${formatNoun(file.longRows, "row")} too long: cells beyond the last column were left out`
      : null,
    file.badQuotes > 0 ? `${formatNoun(file.badQuotes, "quote")} out of place` : null,
    file.blankLines > 0 ? `${formatNoun(file.blankLines, "blank line")} skipped` : null,
  ].filter((text) => text !== null);
  if (found.length === 0) return null;
  return (
    <ul className="tw-demo-notice">
      {found.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
