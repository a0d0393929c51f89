/** In place of a report that this version of the page cannot draw: nothing is lost, the result is still in the run. */
export function ReportMissing({ problem }: { readonly problem: string }) {
  return (
    <p className="tw-demo-notice" role="status">
      This result cannot be drawn as a report: {problem} The run’s own view shows it as data.
    </p>
  );
}
