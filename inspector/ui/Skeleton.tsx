/** Stands where something is being loaded. */
export function Skeleton({ label, rows = 3 }: { readonly label: string; readonly rows?: number }) {
  return (
    <div className="tw-skeleton" role="status">
      <span className="tw-sr">{label}…</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="tw-skeleton-row" aria-hidden="true" />
      ))}
    </div>
  );
}
