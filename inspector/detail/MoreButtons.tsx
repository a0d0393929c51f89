import { Skeleton } from "../ui/Skeleton.tsx";
import type { Details } from "./use-details.ts";

/** Under a list that is read backwards. */
export function MoreButtons({ found }: { readonly found: Details }) {
  if (found.problem !== null) return <p className="tw-danger">{found.problem.message}</p>;
  if (found.details === null) return <Skeleton label="Looking through the ticks" rows={3} />;
  if (!found.hasOlder && !found.hasNewer) return null;
  return (
    <p className="tw-more">
      {found.hasNewer && (
        <button type="button" className="tw-button tw-button-small" onClick={found.readNewer}>
          Look for newer ones
        </button>
      )}
      {found.hasOlder && (
        <button type="button" className="tw-button tw-button-small" onClick={found.readOlder}>
          Look further back
        </button>
      )}
    </p>
  );
}
