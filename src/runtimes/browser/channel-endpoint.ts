import type { Endpoint } from "comlink";

/** A channel between two tabs as Comlink wants it. Nothing can be transferred through it. */
export function endpointOf(channel: BroadcastChannel): Endpoint {
  return {
    postMessage: (message: unknown) => channel.postMessage(message),
    addEventListener: (type, listener) => channel.addEventListener(type, listener),
    removeEventListener: (type, listener) => channel.removeEventListener(type, listener),
  };
}
