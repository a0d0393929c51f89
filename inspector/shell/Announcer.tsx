import { useEffect, useState } from "react";
import { useInspector } from "../ui/model-context.ts";

/** Speaks politely, and only once things have been quiet for a moment. */
export function Announcer() {
  const announcement = useInspector((state) => state.announcement);
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(announcement), 700);
    return () => clearTimeout(timer);
  }, [announcement]);
  return (
    <div className="tw-sr" role="status" aria-live="polite" aria-atomic="true">
      {spoken}
    </div>
  );
}
