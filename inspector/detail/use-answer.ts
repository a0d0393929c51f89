import { useEffect, useState } from "react";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";

export interface Answer<T> {
  /** null: not known yet. */
  readonly value: T | null;
  readonly problem: ErrorText | null;
}

const NOTHING = { value: null, problem: null };

/** What the engine answers to a question; asked again when the question changes, never by itself. */
export function useAnswer<T>(question: string, ask: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { readonly question: string }>({ ...NOTHING, question });
  useEffect(() => {
    let isCurrent = true;
    ask().then(
      (value) => isCurrent && setAnswer({ value, problem: null, question }),
      (error: unknown) => isCurrent && setAnswer({ value: null, problem: toErrorText(error), question }),
    );
    return () => {
      isCurrent = false;
    };
    // The question says all that `ask` depends on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [question]);
  return answer.question === question ? answer : NOTHING;
}
