import { useEffect } from "react";
import type { Place } from "../store/place.ts";
import { decodePlace, encodePlace } from "../store/place.ts";
import { useModel } from "../ui/model-context.ts";

/** Writing the address more often than this is refused by browsers and seen by nobody. */
const WRITE_DELAY = 200;

/** Keeps the address and what is shown the same, both ways. Opening another run is a step back in the browser's history. */
export function usePlaceInUrl(isOn: boolean): void {
  const { store, navigation } = useModel();
  useEffect(() => {
    if (!isOn) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const pageOf = ({ page, runId }: Place): string => `${page} ${runId ?? ""}`;
    let writtenPage = pageOf(store.getState());
    let written = -WRITE_DELAY;
    const write = (): void => {
      timer = null;
      written = performance.now();
      const place: Place = store.getState();
      const hash = encodePlace(place);
      if (hash === location.hash || (hash === "#/" && location.hash === "")) return;
      if (pageOf(place) === writtenPage) history.replaceState(history.state, "", hash);
      else history.pushState(null, "", hash);
      writtenPage = pageOf(place);
    };
    const unsubscribe = store.subscribe(() => {
      // At once if it can be: whoever reloads right after a click comes back to where the click led.
      const wait = written + WRITE_DELAY - performance.now();
      if (wait > 0) timer ??= setTimeout(write, wait);
      else if (timer === null) write();
    });
    const read = (): void => {
      const place = decodePlace(location.hash);
      writtenPage = pageOf(place);
      if (encodePlace(place) !== encodePlace(store.getState())) navigation.goTo(place);
    };
    addEventListener("popstate", read);
    addEventListener("hashchange", read);
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
      removeEventListener("popstate", read);
      removeEventListener("hashchange", read);
    };
  }, [isOn, store, navigation]);
}
