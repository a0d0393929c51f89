// npm run build:lib: what is published, into dist/. tsc alone makes it, one file per source; the inspector's stylesheet
// is bundled into one file, and so is the page of its own. The inspector is compiled against the dist/ of the library, as a user's code would be.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, root, runNode } from "./tools.mjs";

const dist = join(root, "dist");
const distInspector = join(dist, "inspector");

rmSync(dist, { recursive: true, force: true });
await compile("src/tsconfig.build.json");
copyFileSync(join(root, "src/run-file.schema.json"), join(dist, "run-file.schema.json"));
if (existsSync(join(root, "inspector/index.ts"))) {
  await compile("inspector/tsconfig.build.json");
  for (const file of filesEndingIn(".js", distInspector)) finishInspectorFile(file);
  await bundleStylesheet();
  await bundleStandalone();
}

/** @param {string} project */
async function compile(project) {
  const status = await runNode([bin("typescript", "tsc"), "--project", project]);
  if (status !== 0) process.exit(status);
}

/**
 * tsc rewrites the extensions of imports, not of worker addresses; and what only Vite understands must not be published.
 * @param {string} file
 */
function finishInspectorFile(file) {
  const code = readFileSync(file, "utf8");
  const finished = code.replace(/(new URL\(\s*"\.[^"]*)\.tsx?("\s*,\s*import\.meta\.url\s*\))/g, "$1.js$2");
  if (finished !== code) writeFileSync(file, finished);

  const viteOnly = /\bfrom "[^"]*(?:\?[a-z]+|\.css|\.svg)"|^import "[^"]*\.css"|import\.meta\.env/m.exec(finished);
  if (viteOnly !== null) {
    console.error(
      `${file}: ${viteOnly[0]}\nWorks in our app only. Import stylesheets in inspector.css, assets as components.`,
    );
    process.exit(1);
  }
}

/** A page to be copied beside an app: index.html and what it loads, all addresses relative. */
async function bundleStandalone() {
  const { build } = await import("vite");
  const page = join(root, "inspector/standalone");
  await build({
    root: page,
    configFile: join(root, "vite.config.ts"),
    base: "./",
    logLevel: "error",
    build: {
      outDir: join(dist, "standalone"),
      emptyOutDir: true,
      rolldownOptions: { input: join(page, "index.html") },
    },
  });
}

async function bundleStylesheet() {
  const { build } = await import("vite");
  const result = await build({
    root,
    configFile: false,
    base: "./",
    logLevel: "warn",
    build: {
      write: false,
      cssMinify: false,
      rolldownOptions: {
        input: join(root, "inspector/inspector.css"),
        output: { assetFileNames: "[name][extname]" },
      },
    },
  });
  mkdirSync(distInspector, { recursive: true });
  for (const { output } of /** @type {import("vite").Rolldown.RolldownOutput[]} */ ([result].flat())) {
    for (const file of output) {
      if (file.type === "asset") writeFileSync(join(distInspector, file.fileName), file.source);
    }
  }
}

/**
 * @param {string} ending
 * @param {string} folder
 */
function filesEndingIn(ending, folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(folder, path));
}
