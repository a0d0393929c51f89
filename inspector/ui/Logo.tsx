/** A pulse: one tick. */
export function Logo() {
  return (
    <svg className="tw-logo" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M1.5 11.5h4l2.6-7 4 11.5 2.6-7.5 1.2 3h2.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
