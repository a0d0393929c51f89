/**
 * The table of ARCHITECTURE.md, "who may import whom", held against every import there is: type-only imports,
 * re-exports, `import()` and worker addresses included. Rules about one file stand beside rules about the whole graph.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { createFilter, parseSync, Visitor } from "vite";
import { describe, expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Which folders of src/ a folder may import, itself excepted. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  store: ["core"],
  workflow: ["core", "store"],
  graph: ["core", "workflow"],
  serialize: ["core", "workflow"],
  ports: ["core", "store", "workflow"],
  inspection: ["core", "graph"],
  telemetry: ["core", "ports"],
  engine: ["core", "store", "workflow", "graph", "serialize", "ports", "inspection"],
  pool: ["core", "store", "workflow", "serialize", "ports", "engine"],
  runtimes: ["core", "store", "workflow", "graph", "serialize", "ports", "inspection", "engine"],
  testing: [
    "core",
    "store",
    "workflow",
    "graph",
    "serialize",
    "ports",
    "inspection",
    "engine",
    // Where its trials are kept.
    "runtimes/memory",
  ],
};

/** Which folders of inspector/ those may import that views are made of, themselves excepted. */
const belowViews: Record<string, readonly string[]> = {
  source: [],
  store: ["source"],
  ui: ["source", "store"],
  forms: ["source", "store", "ui"],
};

/** Which packages an entry file may load at run time, through whatever it imports. */
const mayLoad: Record<string, readonly string[]> = {
  "src/index.ts": ["zod/mini"],
  "src/worker.ts": ["zod/mini", "comlink", "idb"],
  "src/client.ts": ["comlink"],
  "src/engine.ts": ["zod/mini"],
  "src/pool.ts": [],
  "src/testing.ts": ["zod/mini"],
  "src/opentelemetry.ts": [],
  "src/llama-index.ts": ["zod/mini"],
};

interface Import {
  /** A file of this repository, from its root, or the name of a package. */
  readonly to: string;
  readonly kind: "value" | "type" | "effect" | "lazy" | "worker";
}
type ImportGraph = ReadonlyMap<string, readonly Import[]>;

const sourceFiles = ["src", "inspector"].flatMap(listSources);
const graph: ImportGraph = new Map(
  sourceFiles.map((file) => [file, readImports(file, readFileSync(join(root, file), "utf8"))]),
);

describe("this repository", () => {
  test("imports only what the table allows", () => {
    expect(findForbiddenImports(graph)).toEqual([]);
  });

  test("imports only files that exist, by their whole name", () => {
    const missing = [...graph].flatMap(([file, imports]) =>
      imports.filter(({ to }) => isOurs(to) && !existsSync(join(root, to))).map(({ to }) => `${file} -> ${to}`),
    );
    expect(missing).toEqual([]);
  });

  test("has no import cycle", () => {
    expect(findCycles(graph)).toEqual([]);
  });

  test.each(Object.entries(mayLoad))("%s loads no other package", (entry, allowed) => {
    expect([...loadedPackages(graph, entry)].filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test("has folders of two levels, no barrels inside them, and names that say something", () => {
    expect(sourceFiles.flatMap(findMisplacement)).toEqual([]);
  });

  test("lists in package.json's sideEffects whatever is imported for its effect", () => {
    const { sideEffects } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { sideEffects: string[] };
    const isListed = createFilter(
      sideEffects.map((glob) => glob.replace(/^\.\//, "")),
      undefined,
      { resolve: false },
    );
    expect(findEffects(graph).filter((file) => !isListed(file))).toEqual([]);
  });
});

describe("the checks themselves", () => {
  const oneImport = (file: string, to: string): ImportGraph => new Map([[file, [{ to, kind: "type" }]]]);

  test.each([
    ["src/core/tick.ts", "src/engine/broker.ts"],
    ["src/core/tick.ts", "zod/mini"],
    ["src/store/path.ts", "src/workflow/step.ts"],
    ["src/ports/clock.ts", "src/engine/broker.ts"],
    ["src/runtimes/browser/client.ts", "src/runtimes/memory/memory-journal.ts"],
    ["src/engine/broker.ts", "src/runtimes/memory/memory-journal.ts"],
    ["src/engine/broker.ts", "src/testing/history.ts"],
    ["src/testing/history.ts", "src/runtimes/browser/client.ts"],
    ["src/engine/broker.ts", "src/index.ts"],
    ["src/engine/broker.ts", "inspector/store/store.ts"],
    ["src/engine/broker.ts", "test/builders.ts"],
    ["src/engine/broker.ts", "react"],
    ["src/workflow/event.ts", "zod"],
    ["src/index.ts", "tickwork"],
    ["src/index.ts", "src/worker.ts"],
    ["src/unheard-of/file.ts", "src/core/tick.ts"],
    ["inspector/store/store.ts", "src/core/tick.ts"],
    ["inspector/store/store.ts", "tickwork/core/tick"],
    ["inspector/store/store.ts", "inspector/ui/JsonTree.tsx"],
    ["inspector/store/store.ts", "react"],
    ["inspector/source/live-feed.ts", "inspector/store/store.ts"],
    ["inspector/ui/JsonTree.tsx", "inspector/log/Log.tsx"],
  ])("%s must not import %s", (file, to) => {
    expect(findForbiddenImports(oneImport(file, to))).toEqual([`${file} -> ${to}`]);
  });

  test.each([
    ["src/engine/broker.ts", "src/core/tick.ts"],
    ["src/core/reduce.ts", "src/core/tick.ts"],
    ["src/runtimes/browser/client.ts", "src/runtimes/browser/protocol.ts"],
    ["src/runtimes/browser/client.ts", "comlink"],
    ["src/index.ts", "src/workflow/event.ts"],
    ["src/testing/crash-everywhere.ts", "src/runtimes/memory/memory-journal.ts"],
    ["inspector/store/store.ts", "tickwork/client"],
    ["inspector/store/store.ts", "src/index.ts"],
    ["inspector/log/Log.tsx", "inspector/store/store.ts"],
    ["inspector/log/Log.tsx", "inspector/detail/Detail.tsx"],
    ["inspector/store/store.ts", "zustand/vanilla"],
  ])("%s may import %s", (file, to) => {
    expect(findForbiddenImports(oneImport(file, to))).toEqual([]);
  });

  test("cycles are found, also through types, and named once", () => {
    const cyclic: ImportGraph = new Map([
      ["src/core/a.ts", [{ to: "src/core/b.ts", kind: "value" }]],
      ["src/core/b.ts", [{ to: "src/core/c.ts", kind: "type" }]],
      ["src/core/c.ts", [{ to: "src/core/a.ts", kind: "value" }]],
      ["src/core/d.ts", [{ to: "src/core/a.ts", kind: "value" }]],
    ]);
    expect(findCycles(cyclic)).toEqual(["src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts"]);
  });

  test("packages are found through other files, types left out", () => {
    const indirect: ImportGraph = new Map([
      ["src/index.ts", [{ to: "src/core/a.ts", kind: "value" }]],
      [
        "src/core/a.ts",
        [
          { to: "left-pad", kind: "value" },
          { to: "right-pad", kind: "type" },
        ],
      ],
    ]);
    expect([...loadedPackages(indirect, "src/index.ts")]).toEqual(["left-pad"]);
  });

  test("every way to import is seen, and no comment or string is taken for one", () => {
    const code = `
      import { a } from "./a.ts";
      import type { B } from "./b.ts";
      import "./c.setup.ts";
      export { d } from "../d.ts";
      export type { E } from "comlink";
      type F = import("./f.ts").F;
      const g = () => import("./g.ts");
      const h = new Worker(new URL("./h.worker.ts", import.meta.url), { type: "module" });
      // import { x } from "./comment.ts";
      const s = 'import { x } from "./string.ts"';
    `;
    expect(readImports("src/core/file.ts", code)).toEqual([
      { to: "src/core/a.ts", kind: "value" },
      { to: "src/core/b.ts", kind: "type" },
      { to: "src/core/c.setup.ts", kind: "effect" },
      { to: "src/d.ts", kind: "value" },
      { to: "comlink", kind: "type" },
      { to: "src/core/f.ts", kind: "type" },
      { to: "src/core/g.ts", kind: "lazy" },
      { to: "src/core/h.worker.ts", kind: "worker" },
    ]);
  });

  test("effects are found, and who imports them, pages and workers apart", () => {
    const withEffects: ImportGraph = new Map([
      ["src/worker.ts", [{ to: "src/runtimes/browser/a.setup.ts", kind: "effect" }]],
      ["inspector/main.tsx", [{ to: "inspector/inspector.css", kind: "effect" }]],
      ["inspector/demo/engine.worker.ts", [{ to: "some-package", kind: "effect" }]],
    ]);
    expect(findEffects(withEffects)).toEqual([
      "src/worker.ts",
      "src/runtimes/browser/a.setup.ts",
      "inspector/inspector.css",
    ]);
  });

  test.each([
    "src/core/reduce/parts/one.ts",
    "src/core/index.ts",
    "src/workflow/types.ts",
    "inspector/graph/utils.ts",
    "inspector/graph/nodes/parts/Node.tsx",
  ])("%s is misplaced", (file) => {
    expect(findMisplacement(file)).toHaveLength(1);
  });
});

function findForbiddenImports(imports: ImportGraph): string[] {
  return [...imports].flatMap(([file, list]) =>
    list.filter(({ to }) => !isAllowed(file, to)).map(({ to }) => `${file} -> ${to}`),
  );
}

function isAllowed(file: string, to: string): boolean {
  if (file.startsWith("inspector/")) return isAllowedInInspector(layerOf(file), to);
  if (!isOurs(to)) return isAllowedPackage(file, to);
  if (!to.startsWith("src/") || isEntry(to)) return false;
  if (isEntry(file)) return true;
  const [from, target] = [layerOf(file), layerOf(to)];
  if (from === target) return true;
  // The worker of the browser's runtime with the journal in memory.
  if (from === "runtimes/files" && ["runtimes/browser", "runtimes/memory"].includes(target)) return true;
  return mayImport[from.split("/")[0] ?? ""]?.includes(target) ?? false;
}

function isAllowedInInspector(folder: string, to: string): boolean {
  if (to.startsWith("src/")) return isEntry(to);
  if (to.startsWith("tickwork")) return /^tickwork(\/[a-z]+(\.css)?)?$/.test(to);
  const below = belowViews[folder];
  if (to.startsWith("inspector/")) return !below || [folder, ...below].includes(layerOf(to));
  // What is known of runs, and what is done with them, needs no components.
  return !isOurs(to) && !(["source", "store"].includes(folder) && /^(?:react|@base-ui|@xyflow)\b/.test(to));
}

function isAllowedPackage(file: string, name: string): boolean {
  const layer = layerOf(file);
  if (layer === "runtimes/browser") return ["comlink", "idb", "zod/mini"].includes(name);
  if (layer === "runtimes/files") return name === "comlink";
  if (layer === "runtimes/server" || file === "src/server.ts")
    return !/^(?:react|zustand|@xyflow|tickwork)\b/.test(name);
  // For its types: the tracer is handed in.
  if (layer === "telemetry") return name === "@opentelemetry/api";
  return layer !== "core" && name === "zod/mini";
}

/** "core" of src/core/tick.ts, "runtimes/browser" of src/runtimes/browser/client.ts, "" of an entry file; likewise in inspector/. */
function layerOf(file: string): string {
  const [, first = "", second = ""] = posix.dirname(file).split("/");
  return first === "runtimes" ? `${first}/${second}` : first;
}

const isEntry = (path: string) => /^src\/[^/]+$/.test(path);
const isOurs = (path: string) => /^(?:src|inspector|test|e2e)\//.test(path);

function findCycles(imports: ImportGraph): string[] {
  const cycles: string[] = [];
  const isDone = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) cycles.push([...path.slice(start), file].join(" -> "));
    if (start !== -1 || isDone.has(file)) return;
    for (const { to } of imports.get(file) ?? []) visit(to, [...path, file]);
    isDone.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return cycles;
}

function loadedPackages(imports: ImportGraph, entry: string): Set<string> {
  const loaded = new Set([entry]);
  for (const file of loaded) {
    for (const { to, kind } of imports.get(file) ?? []) if (kind !== "type") loaded.add(to);
  }
  return new Set([...loaded].filter((name) => !isOurs(name)));
}

/**
 * Files a bundler would drop if package.json did not say that they do something: those imported for their effect, and
 * those that import them, because a file that only passes names on is skipped with all it imports.
 */
function findEffects(imports: ImportGraph): string[] {
  const isLoadedAnyway = (file: string) =>
    /^inspector\/(?:standalone\/)?main\.tsx$/.test(file) || /\.worker\.tsx?$/.test(file);
  return [...imports].flatMap(([file, list]) => {
    const effects = list.filter(({ to, kind }) => kind === "effect" && isOurs(to)).map(({ to }) => to);
    return effects.length === 0 || isLoadedAnyway(file) ? effects : [file, ...effects];
  });
}

function findMisplacement(file: string): string[] {
  const folders = posix.dirname(file).split("/").slice(1);
  const name = posix.basename(file).replace(/\..*$/, "");
  if (folders.length > 2) return [`${file}: deeper than two levels`];
  if (name === "index" && folders.length > 0) return [`${file}: only entry files gather names`];
  return /^(?:utils?|helpers?|types?|common|misc|shared)$/i.test(name) ? [`${file}: the name says nothing`] : [];
}

function readImports(file: string, code: string): Import[] {
  const { program, errors } = parseSync(posix.basename(file), code);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const found: Import[] = [];
  const add = (specifier: unknown, kind: Import["kind"]) => {
    if (typeof specifier !== "string") return;
    const path = specifier.replace(/\?.*$/, "");
    found.push({ to: path.startsWith(".") ? posix.join(posix.dirname(file), path) : path, kind });
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers }) => {
      add(source.value, importKind === "type" ? "type" : specifiers.length === 0 ? "effect" : "value");
    },
    ExportNamedDeclaration: ({ source, exportKind }) => add(source?.value, exportKind === "type" ? "type" : "value"),
    ExportAllDeclaration: ({ source, exportKind }) => add(source.value, exportKind === "type" ? "type" : "value"),
    TSImportType: ({ source }) => add(source.value, "type"),
    ImportExpression: ({ source }) => add("value" in source ? source.value : undefined, "lazy"),
    NewExpression: ({ callee, arguments: [address] }) => {
      if (callee.type !== "Identifier" || callee.name !== "URL" || address?.type !== "Literal") return;
      if (typeof address.value === "string" && address.value.startsWith(".")) add(address.value, "worker");
    },
  }).visit(program);
  return found;
}

function listSources(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
    .filter((path) => /\.tsx?$/.test(path));
}
