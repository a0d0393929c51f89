/** Calls back after the platform had a chance to do something else: messages, painting, timers. */
export type Macrotask = (callback: () => void) => void;

interface WithSetImmediate {
  setImmediate?: (callback: () => void) => void;
}

/** `setImmediate` where there is one (Node), else a message to ourselves: 4 µs, where a timer takes 4 ms. */
export const macrotask: Macrotask = makeMacrotask();

function makeMacrotask(): Macrotask {
  const { setImmediate } = globalThis as WithSetImmediate;
  if (setImmediate) return (callback) => setImmediate(callback);
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return (callback) => {
    waiting.push(callback);
    channel.port2.postMessage(null);
  };
}
