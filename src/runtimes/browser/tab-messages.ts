/** What the tabs of one app say to one another, on a channel named after their database. */

export type TabMessage =
  /** Of an engine that waits, again and again: who is at work? Its answer is for all who wait. */
  | ({ readonly tickwork: "ping" } & AppVersion & {
        /** The Web Lock that this engine's worker holds until it dies; names it too. */
        readonly alive: string;
      })
  /** Of a page that only looks, and never has the engine itself: who is at work? */
  | { readonly tickwork: "look" }
  /** The engine at work answers. */
  | ({ readonly tickwork: "owner" } & OwnerFacts)
  /** Its page answers too, for a worker that computes is busy, not frozen; so does an engine that is just taking over. */
  | { readonly tickwork: "awake" }
  /** A page wants to call this engine, through a channel of that name; the Web Lock of that name says how long. */
  | { readonly tickwork: "attach"; readonly alive: string; readonly line: string }
  /** It may: somebody listens there now. */
  | { readonly tickwork: "attached"; readonly line: string };

/** Tabs understand one another only if both are the same. These three fields keep their meaning for ever. */
export interface AppVersion {
  /** Of tickwork: see `PROTOCOL`. */
  readonly protocol: number;
  /** Of the app: its own version, or made of what it serves. */
  readonly app: string;
  /** What to call it before people; empty if it has no name. */
  readonly version: string;
}

export interface OwnerFacts extends AppVersion {
  /** The Web Lock that its worker holds until it dies; names it too. */
  readonly alive: string;
  /** How often the database was taken over, with this time: of two who answer, the one with the larger number is right. */
  readonly epoch: number;
}

export function tabChannel(database: string): BroadcastChannel {
  return new BroadcastChannel(`tickwork-tabs-${database}`);
}

export function isSameVersion(one: AppVersion, other: AppVersion): boolean {
  return one.protocol === other.protocol && one.app === other.app;
}
