// npm start: installs what is missing, builds the app, and serves it as a web server would, its security headers included.
//
//   --no-open     do not open a browser
//   --no-build    serve what was built before
//   --port 5000   try this port first (the next free one is taken)

import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { bin, ensureInstalled, root, runNode } from "./tools.mjs";

const { values: options } = parseArgs({
  options: {
    "no-open": { type: "boolean", default: false },
    "no-build": { type: "boolean", default: false },
    port: { type: "string", default: "4173" },
  },
});

ensureInstalled();
if (!options["no-build"]) {
  const status = await runNode([bin("vite"), "build", "--logLevel", "warn"]);
  if (status !== 0) process.exit(status);
}

const { preview } = await import("vite");
const server = await preview({
  root,
  logLevel: "warn",
  preview: { host: "127.0.0.1", port: Number(options.port), strictPort: false },
});
const url = server.resolvedUrls?.local[0] ?? "";
console.log(`tickwork is at ${url} (Ctrl+C ends it)`);
if (!options["no-open"] && canOpenBrowser()) openBrowser(url);

// Nothing to save: a server without state need not wait for its connections.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
// npm passes a signal to the shell between us, which keeps it: its end is ours.
if (process.env["npm_lifecycle_event"] !== undefined) {
  const shell = process.ppid;
  setInterval(() => process.ppid === shell || process.exit(0), 500).unref();
}

/** Only for a person who sits in front of this machine. */
function canOpenBrowser() {
  const { CI, SSH_CONNECTION, SSH_TTY, DISPLAY, WAYLAND_DISPLAY, BROWSER } = process.env;
  if (!process.stdout.isTTY || CI || SSH_CONNECTION || SSH_TTY || BROWSER === "none") return false;
  return process.platform !== "linux" || Boolean(DISPLAY ?? WAYLAND_DISPLAY);
}

/** @param {string} address */
function openBrowser(address) {
  const openers = /** @type {Partial<Record<NodeJS.Platform, [string, ...string[]]>>} */ ({
    darwin: ["open"],
    win32: ["cmd", "/c", "start", ""],
  });
  const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
  // Not being able to open it is no fault: the address stands above.
  spawn(command, [...args, address], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
