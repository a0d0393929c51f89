/**
 * How much the nodes of a graph show, by the camera's distance. Where the camera crosses from one level to another hundreds
 * of nodes are drawn anew: they change in portions, each a task by itself, so that the page answers meanwhile.
 */

/** "near": all numbers. "overview": name and depth, larger. "distant": what can be seen where no number can be read. */
export type Level = "near" | "overview" | "distant";

/** Below this zoom a node shows its name and depth only. */
const OVERVIEW_ZOOM = 0.66;
/** Below this the overview's numbers are too small to read. */
const DISTANT_ZOOM = 0.3;
/** Nodes that change at once. */
const PORTION = 20;

export function levelAt(zoom: number): Level {
  return zoom < DISTANT_ZOOM ? "distant" : zoom < OVERVIEW_ZOOM ? "overview" : "near";
}

export interface Levels {
  /** What a node shows now. */
  of(id: string): Level;
  subscribe(id: string, listener: () => void): () => void;
  /** The camera's level: nodes that come from now on have it, those that are there get it one portion after the other. */
  aim(level: Level): void;
  close(): void;
}

/** `soon` calls once, in a task of its own, and returns how to take that back; what is done in it is drawn by its end. */
export function createLevels(soon: (call: () => void) => () => void): Levels {
  const shown = new Map<string, { level: Level; readonly listeners: Set<() => void> }>();
  let aimed: Level = "near";
  let cancel: (() => void) | null = null;

  const change = (): void => {
    cancel = null;
    let left = PORTION;
    for (const node of shown.values()) {
      if (node.level === aimed) continue;
      if (left === 0) {
        cancel = soon(change);
        return;
      }
      left -= 1;
      node.level = aimed;
      for (const listener of node.listeners) listener();
    }
  };
  return {
    of: (id) => shown.get(id)?.level ?? aimed,
    subscribe(id, listener) {
      const node = shown.get(id) ?? { level: aimed, listeners: new Set() };
      shown.set(id, node);
      node.listeners.add(listener);
      return () => {
        node.listeners.delete(listener);
        if (node.listeners.size === 0 && shown.get(id) === node) shown.delete(id);
      };
    },
    aim(level) {
      if (level === aimed) return;
      aimed = level;
      if (cancel !== null) return;
      // Most graphs are small. In others nodes come into view meanwhile, which is work enough for one task.
      if (shown.size <= PORTION) change();
      else cancel = soon(change);
    },
    close() {
      cancel?.();
      cancel = null;
    },
  };
}
