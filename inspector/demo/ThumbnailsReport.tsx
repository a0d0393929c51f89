import { Download } from "lucide-react";
import { useMemo } from "react";
import type { ReportViewProps } from "./demo-entry.ts";
import { download, downloadJson } from "./download.ts";
import { formatBytes, formatNoun } from "./format.ts";
import { ReportMissing } from "./ReportMissing.tsx";
import { type ContactSheetReport, contactSheet } from "./thumbnails-report.ts";
import { useStoredImage } from "./use-stored-image.ts";

export function ThumbnailsReport({ result }: ReportViewProps) {
  const parsed = useMemo(() => contactSheet.safeParse(result), [result]);
  if (!parsed.success) return <ReportMissing problem="it is not a contact sheet." />;
  return <ContactSheet report={parsed.data} />;
}

function ContactSheet({ report }: { readonly report: ContactSheetReport }) {
  const { sheet, images } = report;
  const stored = useStoredImage(sheet.fileId);
  const broken = images.filter(({ outcome }) => outcome.status === "broken").length;
  return (
    <section className="tw-demo tw-demo-report" aria-label="Contact sheet">
      <header className="tw-demo-report-head">
        <div>
          <h2 className="tw-demo-title">{formatNoun(images.length, "image")}</h2>
          <p className="tw-demo-facts">
            {[
              `sheet ${sheet.width} × ${sheet.height}, ${formatBytes(sheet.bytes)}`,
              broken > 0 ? `${broken} could not be read` : "all could be read",
            ].join(" · ")}
          </p>
        </div>
        <div className="tw-demo-actions">
          <button
            type="button"
            className="tw-demo-button"
            disabled={stored.status !== "ready"}
            onClick={() => stored.status === "ready" && download("contact-sheet.png", stored.blob)}
          >
            <Download size={14} aria-hidden="true" /> Download sheet
          </button>
          <button type="button" className="tw-demo-button" onClick={() => downloadJson("thumbnails.json", report)}>
            <Download size={14} aria-hidden="true" /> JSON
          </button>
        </div>
      </header>
      <div className="tw-demo-sheet">
        {stored.status === "ready" && (
          <img
            src={stored.url}
            width={sheet.width}
            height={sheet.height}
            alt={`Contact sheet of ${images.length} images`}
          />
        )}
        {stored.status === "loading" && <p className="tw-demo-muted">Loading the sheet…</p>}
        {stored.status === "missing" && <p className="tw-demo-notice">The sheet cannot be shown. {stored.problem}</p>}
      </div>
      <div className="tw-demo-scroll" role="region" aria-label="Images" tabIndex={0}>
        <table className="tw-demo-table">
          <thead>
            <tr>
              <th scope="col">Image</th>
              <th scope="col">Outcome</th>
              <th scope="col" className="tw-demo-number">
                Pixels
              </th>
              <th scope="col" className="tw-demo-number">
                Size
              </th>
              <th scope="col" className="tw-demo-number">
                Thumbnail
              </th>
            </tr>
          </thead>
          <tbody>
            {images.map((image, index) => (
              <ImageRow key={index} image={image} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ImageRow({ image: { name, outcome } }: { readonly image: ContactSheetReport["images"][number] }) {
  if (outcome.status === "broken") {
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={4}>
          <span className="tw-demo-chip" data-kind="broken">
            ✕ broken
          </span>{" "}
          {outcome.problem} <span className="tw-demo-muted">{formatNoun(outcome.attempts, "attempt")}</span>
        </td>
      </tr>
    );
  }
  const { original, thumbnail } = outcome;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <span className="tw-demo-chip" data-kind="ok">
          ✓ done
        </span>
      </td>
      <td className="tw-demo-number">{`${original.width} × ${original.height}`}</td>
      <td className="tw-demo-number">{formatBytes(original.bytes)}</td>
      <td className="tw-demo-number">{`${thumbnail.width} × ${thumbnail.height}, ${formatBytes(thumbnail.bytes)}`}</td>
    </tr>
  );
}
