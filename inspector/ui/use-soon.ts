import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { betweenFrames } from "../source/frame-scheduler.ts";

/** True when it was true at the last drawing, so that what hangs on it is a task by itself; stays so. */
export function useSoon(isTrue: boolean): boolean {
  const [isNow, setNow] = useState(false);
  useEffect(() => (isTrue && !isNow ? betweenFrames(() => flushSync(() => setNow(true))) : undefined), [isTrue, isNow]);
  return isNow;
}
