import { CircleAlert } from "lucide-react";
import type { ErrorText as ErrorTextData } from "../source/error-text.ts";

/** An error in the words of whoever raised it, with its code and, folded away, its stack. */
export function ErrorText({ error }: { readonly error: ErrorTextData }) {
  return (
    <div className="tw-error" role="alert">
      <CircleAlert size={14} aria-hidden="true" />
      <div className="tw-error-body">
        <p>
          <b>{error.name}</b>
          {error.code !== undefined && <code className="tw-tag">{error.code}</code>}
        </p>
        <p className="tw-error-message">
          {error.message.length > 2_000 ? `${error.message.slice(0, 2_000)}…` : error.message}
        </p>
        {error.stack !== undefined && (
          <details>
            <summary>Stack</summary>
            <pre className="tw-stack">{error.stack.slice(0, 20_000)}</pre>
          </details>
        )}
      </div>
    </div>
  );
}
