import type { Task } from "./use-task.ts";

/** Says what a panel is doing and what went wrong; always there, so that screen readers hear it change. */
export function TaskStatus({ task }: { readonly task: Task }) {
  return (
    <>
      <p className="tw-demo-status" role="status">
        {task.doing}
      </p>
      {task.problem !== null && (
        <p className="tw-demo-problem" role="alert">
          {task.problem}
        </p>
      )}
    </>
  );
}
