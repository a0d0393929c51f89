import { Inbox as InboxIcon } from "lucide-react";
import { useEffect, useRef } from "react";
import { formatCount } from "../store/format.ts";
import { inboxKey, isOver, nextOpen, openItems } from "../store/inbox.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorText } from "../ui/ErrorText.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { InboxItemView } from "./InboxItemView.tsx";
import { InboxList } from "./InboxList.tsx";

/** Everything that waits for a person, across runs: the list of it, and the form of the one that is chosen. */
export default function InboxPage() {
  const { navigation, inbox: control, store } = useModel();
  const inbox = useInspector((state) => state.inbox);
  const chosen = useInspector((state) => state.inboxItem);
  const isNarrow = useInspector((state) => state.isNarrow);
  const titleRef = useRef<HTMLHeadingElement>(null);
  const key = chosen === null ? null : inboxKey(chosen);
  const items = inbox.items.filter((item) => item.phase !== "sent" || item.key === key);
  const open = openItems(inbox);
  const item = items.find((each) => each.key === key) ?? null;

  useEffect(() => {
    titleRef.current?.focus();
  }, []);

  const goOn = (): void => {
    if (key === null) return;
    const next = nextOpen(store.getState().inbox, key);
    navigation.openInbox(next && { runId: next.runId, waiter: next.waiter.waiter });
    if (next === null) titleRef.current?.focus();
  };
  const dismissOver = (): void => {
    control.dismiss(inbox.items.filter(isOver).map((each) => each.key));
    titleRef.current?.focus();
  };

  return (
    <section className="tw-inbox" aria-label="Inbox" data-has-item={chosen !== null}>
      <div className="tw-inbox-side">
        <header className="tw-inbox-head">
          <h1 ref={titleRef} tabIndex={-1}>
            Inbox
          </h1>
          {open.length > 0 && (
            <span className="tw-muted tw-num">
              {formatCount(open.length)}
              {inbox.nextBefore !== null && "+"} to answer
            </span>
          )}
          {inbox.items.some(isOver) && (
            <button type="button" className="tw-link" onClick={dismissOver}>
              Dismiss what is over
            </button>
          )}
        </header>
        {inbox.problem !== null && <ErrorText error={inbox.problem} />}
        {!inbox.isLoaded && inbox.problem === null && <Skeleton label="Loading what waits" rows={4} />}
        {inbox.isLoaded && items.length === 0 && (
          <EmptyState icon={InboxIcon} title="Nothing waits for you">
            <p className="tw-muted">When a run asks somebody, its question comes here by itself.</p>
          </EmptyState>
        )}
        <InboxList items={items} chosenKey={key} />
        {inbox.nextBefore !== null && (
          <button type="button" className="tw-button tw-more" onClick={() => void control.loadMore()}>
            More
          </button>
        )}
      </div>
      <div className="tw-inbox-main">
        {chosen === null ? (
          !isNarrow && open.length > 0 && <EmptyState icon={InboxIcon} title="Choose a question to answer" />
        ) : item === null ? (
          inbox.isLoaded && (
            <EmptyState icon={InboxIcon} title="This question waits no more">
              <button type="button" className="tw-link" onClick={() => navigation.openInbox()}>
                All questions
              </button>
            </EmptyState>
          )
        ) : (
          <InboxItemView key={item.key} item={item} onDone={goOn} />
        )}
      </div>
    </section>
  );
}
