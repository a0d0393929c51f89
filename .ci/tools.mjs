// What the scripts beside this file share. Node's own modules only: some of them run before anything is installed.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, wherever a script was started from. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/**
 * Whether node_modules holds every package of the lockfile in its version. Packages for other platforms may be absent.
 * @returns {boolean}
 */
function isInstalled() {
  const installedLock = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedLock)) return false;
  const installed = readJson(installedLock).packages;
  const wanted = readJson(join(root, "package-lock.json")).packages;
  return Object.entries(wanted).every(
    ([path, wish]) => path === "" || wish.optional || installed[path]?.version === wish.version,
  );
}

/** Installs what the lockfile asks for, unless it is there already. Ends the process when that fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log("Installing dependencies (npm ci) …");
  const status = npm(["ci", "--include=dev", "--no-audit", "--no-fund"]);
  if (status !== 0) {
    console.error("npm ci failed. See its message above; nothing was started.");
    process.exit(status);
  }
}

/**
 * Runs npm with the npm that runs us, else the one on the path.
 * @param {string[]} args
 */
function npm(args) {
  const cli = process.env["npm_execpath"];
  const isNpm = cli !== undefined && /npm-cli\.[cm]?js$/.test(cli);
  const options = { cwd: root, stdio: ["ignore", "inherit", "inherit"] };
  const result = isNpm
    ? spawnSync(
        process.execPath,
        [cli, ...args],
        /** @type {import("node:child_process").SpawnSyncOptions} */ (options),
      )
    : spawnSync("npm", args, {
        .../** @type {import("node:child_process").SpawnSyncOptions} */ (options),
        shell: process.platform === "win32",
      });
  return result.status ?? 1;
}

/**
 * The script behind a package's command, so that it runs under this very Node, without npx and without a shell.
 * @param {string} name the package
 * @param {string} [command] the command, when it is not called like the package
 */
export function bin(name, command = name) {
  const folder = join(root, "node_modules", name);
  const { bin: declared } = readJson(join(folder, "package.json"));
  return join(folder, typeof declared === "string" ? declared : declared[command]);
}

/**
 * Runs a Node script in the repository, its output going to ours.
 * @param {string[]} args script and arguments
 * @param {{ env?: Record<string, string | undefined>, timeout?: number }} [options] timeout in milliseconds
 * @returns {Promise<number>} the exit code; 1 when it was killed or ran out of time
 */
export function runNode(args, { env = {}, timeout = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const timer = timeout === 0 ? undefined : setTimeout(() => child.kill("SIGKILL"), timeout);
    child.once("error", (error) => {
      clearTimeout(timer);
      console.error(error.message);
      resolve(1);
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      if (signal !== null)
        console.error(`${args[0]} was ended by ${signal}${timeout === 0 ? "" : ` (limit ${timeout / 1000} s)`}`);
      resolve(code ?? 1);
    });
  });
}
