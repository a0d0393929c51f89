import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useId } from "react";
import { formatClock } from "../store/format.ts";
import { guidePage } from "../ui/guide-page.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { HealthRows } from "./HealthRows.tsx";
import { PromiseList } from "./PromiseList.tsx";
import { SpaceSection } from "./SpaceSection.tsx";

/** Where the engine is, whether it writes, what it takes, and what it promises: live, once per second. */
export default function HealthView({ helpUrl }: { readonly helpUrl: string | undefined }) {
  const { navigation, health: read } = useModel();
  const { engine, durability, space, promises, at } = useInspector(read);
  const note = useInspector((state) => state.healthNote);
  const promisesPage = guidePage(helpUrl, "promises");
  return (
    <ModalDialog
      title="Health"
      isWide
      onClose={() => navigation.showHealth(false)}
      footer={
        <>
          <p>{note}</p>
          <p className="tw-health-at tw-muted tw-num">
            {at === null ? "Not looked at yet" : `As of ${formatClock(at).slice(0, 8)}`}
          </p>
        </>
      }
    >
      <div className="tw-health">
        <Refusal />
        <div className="tw-health-column">
          <Section title="Promises">
            <PromiseList promises={promises} />
            {promisesPage !== undefined && (
              <a className="tw-link" href={promisesPage} target="_blank">
                What is promised, and how
              </a>
            )}
          </Section>
          <Section title="Engine">
            <HealthRows rows={engine} />
          </Section>
        </div>
        <div className="tw-health-column">
          <Section title="Durability">
            <HealthRows rows={durability} />
          </Section>
          <Section title="Space">
            <SpaceSection space={space} guide={guidePage(helpUrl, "space")} />
          </Section>
        </div>
      </div>
    </ModalDialog>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="tw-health-section" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

/** A command that was refused: its banner is behind the dialog, and was spoken there. */
function Refusal() {
  const { navigation } = useModel();
  const notice = useInspector((state) => state.notice);
  if (notice === null) return null;
  return (
    <div className="tw-error">
      <p className="tw-error-body">
        <b>{notice.name}.</b> {notice.message}{" "}
        {notice.code !== undefined && <code className="tw-tag">{notice.code}</code>}
      </p>
      <button
        type="button"
        className="tw-button tw-button-icon tw-button-quiet"
        aria-label="Dismiss"
        onClick={() => navigation.dismissNotice()}
      >
        <X size={13} aria-hidden="true" />
      </button>
    </div>
  );
}
