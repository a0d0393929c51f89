import { useEffect } from "react";
import { useModel } from "../ui/model-context.ts";

/** Writes what the operating system says about motion into the store, and keeps it there. */
export function useMotionPreference(): void {
  const { store } = useModel();
  useEffect(() => {
    const query = matchMedia("(prefers-reduced-motion: reduce)");
    const read = (): void => store.setState({ systemReducesMotion: query.matches });
    read();
    query.addEventListener("change", read);
    return () => query.removeEventListener("change", read);
  }, [store]);
}
