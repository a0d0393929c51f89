// node .ci/record-histories.mjs NAME: plays test/histories/workflows.ts with the code of now and keeps what is written,
// in test/histories/NAME. Do it for every change of a format, name it by what changed, and never change or delete what
// is there: test/histories/histories.test.ts replays it all. A file that exists is left as it is.

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "./tools.mjs";

const [name] = process.argv.slice(2);
if (name === undefined || !/^[\w.-]+$/.test(name)) {
  console.error("Give the recording a name: node .ci/record-histories.mjs NAME");
  process.exit(1);
}

// Inside node_modules, so that the bundle finds the packages it imports.
const bundle = join(root, "node_modules/.cache/tickwork-histories");
rmSync(bundle, { recursive: true, force: true });
await build({
  root,
  logLevel: "error",
  build: {
    ssr: join(root, "test/histories/record.ts"),
    outDir: bundle,
    target: "node20",
    minify: false,
    rolldownOptions: { output: { entryFileNames: "[name].mjs" } },
  },
});
const { recordAll } = await import(pathToFileURL(join(bundle, "record.mjs")).href);

const folder = join(root, "test/histories", name);
mkdirSync(folder, { recursive: true });
for (const history of await recordAll()) {
  const path = join(folder, `${history.name}.json`);
  if (existsSync(path)) console.log(`kept as it is: ${path}`);
  else {
    writeFileSync(path, `${JSON.stringify(history)}\n`);
    console.log(`recorded: ${path}`);
  }
}
rmSync(bundle, { recursive: true, force: true });
