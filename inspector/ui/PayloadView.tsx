import { Download } from "lucide-react";
import type { ReactNode } from "react";
import type { Json, Payload } from "tickwork/client";
import { toErrorText } from "../source/error-text.ts";
import { formatBytes } from "../store/format.ts";
import { CopyButton } from "./CopyButton.tsx";
import { downloadText } from "./download-json.ts";
import { JsonTree } from "./JsonTree.tsx";
import { cutOf } from "../store/json-rows.ts";
import { useModel } from "./model-context.ts";

interface PayloadViewProps {
  readonly title: ReactNode;
  /** What the tree is called. */
  readonly label: string;
  readonly runId: string;
  /** Where the rest is read that did not come; null: nowhere. */
  readonly payload: Payload | null;
  /** Where the value stands in the payload; default: it is all of it. */
  readonly path?: readonly string[];
  /** As it came: whole, or cut where it is large. */
  readonly value: Json;
  readonly changed?: ReadonlySet<string>;
}

/** A payload of any size: its beginning at once, the rest where it is opened, all of it to copy and to save. */
export function PayloadView({ title, label, runId, payload, path = [], value, changed }: PayloadViewProps) {
  const { source, store } = useModel();
  const cut = cutOf(value);
  // Of what is cut and stands nowhere else there is no whole.
  const isWhole = cut === null || payload !== null;
  const whole = async (): Promise<string> =>
    cut === null || payload === null ? JSON.stringify(value, null, 2) : source.readText(runId, payload, path);
  const save = async (): Promise<void> => {
    try {
      downloadText(`${runId}-${payload?.of}-${payload?.sequence}.json`, [await whole()], "application/json");
    } catch (error) {
      store.setState({ notice: toErrorText(error) });
    }
  };
  return (
    <section className="tw-section">
      <div className="tw-section-head">
        <h3>{title}</h3>
        <span className="tw-payload-tools">
          {cut !== null && (
            <span
              className="tw-muted tw-num"
              title={
                isWhole
                  ? "Opened, it is read piece by piece. Copied or saved, it is whole."
                  : "Only its beginning is here."
              }
            >
              {formatBytes(cut.size)}
            </span>
          )}
          {isWhole && <CopyButton label="Copy JSON" text={whole} />}
          {cut !== null && isWhole && (
            <button type="button" className="tw-button tw-button-small tw-button-quiet" onClick={() => void save()}>
              <Download size={12} aria-hidden="true" /> Save
            </button>
          )}
        </span>
      </div>
      <JsonTree
        label={label}
        value={value}
        changed={changed}
        load={
          payload === null ? undefined : (inner, from) => source.readPart(runId, payload, [...path, ...inner], from)
        }
      />
    </section>
  );
}
