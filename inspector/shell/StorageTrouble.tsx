import type { StorageProblem } from "tickwork/client";
import { useModel } from "../ui/model-context.ts";

/** Why nothing can be written, what becomes of the runs, and a way to try again. */
export function StorageTrouble({ problem }: { readonly problem: StorageProblem }) {
  const { commands, navigation } = useModel();
  return (
    <>
      {problem.message} <code className="tw-tag">{problem.code}</code>{" "}
      {problem.remedy !== "reload" && (
        <>
          Until it works, nothing new begins; runs then go on by themselves.{" "}
          <button type="button" className="tw-button" onClick={() => void commands.retryStorage()}>
            Try again now
          </button>{" "}
        </>
      )}
      <button type="button" className="tw-button" onClick={() => navigation.showHealth(true)}>
        Health
      </button>
    </>
  );
}
