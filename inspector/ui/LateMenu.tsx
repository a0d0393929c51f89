import { Ellipsis } from "lucide-react";
import type { ComponentType, MouseEvent as Click, ReactElement } from "react";
import { useCallback, useEffect, useRef, useState } from "react";
import { toErrorText } from "../source/error-text.ts";
import { whenIdle } from "../source/when-idle.ts";
import { useModel } from "./model-context.ts";

/** What every menu that is loaded late is given. */
export interface LateMenuProps {
  /** The button it hangs on. */
  readonly trigger: ReactElement;
}

/** A menu that is not there from the beginning. */
export interface Late<About> {
  /** null: not loaded yet. */
  readonly component: ComponentType<About & LateMenuProps> | null;
  /** Once it is there this does nothing; what failed is tried again. */
  load(): Promise<void>;
}

/** Call it once per menu, outside components. */
export function late<About>(
  load: () => Promise<{ readonly default: ComponentType<About & LateMenuProps> }>,
): Late<About> {
  let component: Late<About>["component"] = null;
  return {
    get component() {
      return component;
    },
    async load() {
      component ??= (await load()).default;
    },
  };
}

/** What was done to a button that had no menu yet. */
interface Early {
  readonly isPressed: boolean;
  readonly click: "pointer" | "keys" | null;
  readonly hasFocus: boolean;
}
const NOTHING: Early = { isPressed: false, click: null, hasFocus: false };

interface LateMenuButtonProps<About> {
  readonly label: string;
  readonly menu: Late<About>;
  /** What the menu has to know. */
  readonly about: About;
}

/**
 * The button of a menu, there at once; the menu itself comes when the page rests, for it is as large as all the graph. A
 * press before that is remembered, and the focus stays where it is.
 */
export function LateMenu<About extends object>({ label, menu, about }: LateMenuButtonProps<About>) {
  const { store } = useModel();
  const [Loaded, setLoaded] = useState(() => menu.component);
  const buttonRef = useRef<HTMLButtonElement>(null);
  const early = useRef<Early>(NOTHING);

  /** Not between press and release: the click would be lost with the button. */
  const change = useCallback((): void => {
    if (menu.component === null || early.current.isPressed) return;
    early.current = { ...early.current, hasFocus: buttonRef.current?.matches(":focus") ?? false };
    setLoaded(() => menu.component);
  }, [menu]);
  const load = useCallback((): void => {
    menu.load().then(change, (error: unknown) => {
      if (early.current.click !== null) store.setState({ notice: toErrorText(error) });
      early.current = { ...early.current, click: null };
    });
  }, [menu, store, change]);
  useEffect(() => (menu.component === null ? whenIdle(load) : undefined), [menu, load]);
  // After the menu's own effects, so that it knows its button.
  useEffect(() => {
    const { click: by, hasFocus } = early.current;
    const button = buttonRef.current;
    if (Loaded === null || button === null) return;
    early.current = NOTHING;
    if (hasFocus) button.focus({ preventScroll: true });
    if (by !== null) pressAgain(button, by);
  }, [Loaded]);

  const press = (): void => {
    early.current = { ...early.current, isPressed: true };
    const release = (): void => {
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", release);
      early.current = { ...early.current, isPressed: false };
      // After the click, if one comes of it.
      setTimeout(change);
    };
    addEventListener("pointerup", release);
    addEventListener("pointercancel", release);
  };
  const click = ({ detail }: Click): void => {
    early.current = { ...early.current, click: detail > 0 ? "pointer" : "keys" };
    load();
  };
  const look = {
    ref: buttonRef,
    type: "button",
    className: "tw-button tw-button-icon",
    "aria-label": label,
    children: <Ellipsis size={14} aria-hidden="true" />,
  } as const;
  if (Loaded !== null) return <Loaded {...about} trigger={<button {...look} />} />;
  return <button {...look} aria-haspopup="menu" aria-expanded={false} onPointerDown={press} onClick={click} />;
}

/** A menu that keys opened begins at its first item. */
function pressAgain(button: HTMLElement, by: "pointer" | "keys"): void {
  if (by === "keys") return button.click();
  button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, pointerType: "mouse" }));
  for (const type of ["mousedown", "mouseup", "click"])
    button.dispatchEvent(new MouseEvent(type, { bubbles: true, detail: 1 }));
}
