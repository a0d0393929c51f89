import { Inbox } from "lucide-react";
import { formatCount } from "../store/format.ts";
import { openItems } from "../store/inbox.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** How much waits for a person; leads there. */
export function InboxButton() {
  const { navigation } = useModel();
  const isOpen = useInspector((state) => state.page === "inbox");
  const count = useInspector(
    ({ inbox }) => `${formatCount(openItems(inbox).length)}${inbox.nextBefore === null ? "" : "+"}`,
  );
  const isEmpty = count === "0";
  return (
    <button
      type="button"
      className={classNames("tw-button tw-inbox-button", !isEmpty && "tw-is-asking", isOpen && "tw-is-on")}
      aria-label={isEmpty ? "Inbox, nothing to answer" : `Inbox, ${count} to answer`}
      aria-keyshortcuts="i"
      aria-current={isOpen ? "page" : undefined}
      onClick={() => navigation.openInbox()}
    >
      <Inbox size={13} aria-hidden="true" /> <span className="tw-inbox-word">Inbox</span>
      {!isEmpty && <span className="tw-num tw-inbox-count">{count}</span>}
    </button>
  );
}
