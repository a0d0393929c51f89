/**
 * The app's service worker: all files of one build, taken at once, and served from then on without a network. A newer
 * build waits until it is told to take over, or until no page of this one is open: a page never gets files of two.
 */
import { precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { TAKE_OVER } from "./app-update.ts";

declare global {
  /** All files of the build, put here by `.ci/offline-plugin.mjs`. */
  const APP_FILES: PrecacheEntry[];
}

interface ServiceWorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  addEventListener(type: "activate", listener: (event: { waitUntil(done: Promise<unknown>): void }) => void): void;
}
const scope = globalThis as unknown as ServiceWorkerScope;

// What a query says is for the page's script.
precacheAndRoute(APP_FILES, { cleanURLs: false, ignoreURLParametersMatching: [/./] });

// The page that brought it along works without a network from now on, not only from its next load on.
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("message", ({ data }) => {
  if (data === TAKE_OVER) void scope.skipWaiting();
});
