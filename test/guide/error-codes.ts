/** The errors that the sources make, found in their syntax: each class of ours with the codes it is made with. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "vite";

const folder = fileURLToPath(new URL("../../src", import.meta.url));

function readSources(): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .toSorted()
    .map((path) => readFileSync(`${folder}/${path}`, "utf8"));
}

/** As much of a syntax node as is looked at. */
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface ErrorCode {
  readonly className: string;
  readonly code: string;
}

/** Texts like "RUN_ENDED", wherever they stand; a code that is made in a way unknown here is still one of them. */
export function textsLikeCodes(): string[] {
  // What the conformance suite throws itself, to see that it arrives.
  const texts = new Set(readSources().flatMap((source) => source.match(/(?<=")[A-Z]+(?:_[A-Z]+)+(?=")/g) ?? []));
  texts.delete("E_TYPE");
  return [...texts];
}

/** "WorkflowError" and the like, with its codes; the class's own code, from its constructor, comes first. */
export function errorCodes(): Map<string, string[]> {
  const sources = readSources();
  const found = new Map<string, string[]>();
  for (const { className, code } of [...sources.flatMap(ownCodes), ...sources.flatMap(codesMade)]) {
    const codes = found.get(className) ?? [];
    if (!codes.includes(code)) found.set(className, [...codes, code]);
  }
  return found;
}

/** `class A extends WorkflowError { constructor(…) { super(message, "CODE", options) } }` */
export function ownCodes(source: string): ErrorCode[] {
  const classes = /class (\w+) extends WorkflowError \{[^}]*?super\(message, "([A-Z_]+)"/g;
  return Array.from(source.matchAll(classes), ([, className = "", code = ""]) => ({ className, code }));
}

/** `new A(message, { code })`, `new A(message, options)`, and errors made as data: `{ name: "A", code }`. */
export function codesMade(source: string): ErrorCode[] {
  const found: ErrorCode[] = [];
  const constants = new Map(
    Array.from(source.matchAll(/^const ([A-Z_]+) = "([A-Z_]+)";/gm), ([, name = "", value = ""]) => [name, value]),
  );
  /** Options that were given a name before. */
  const named = new Map<unknown, Node>();
  const add = (className: unknown, given: Node | undefined): void => {
    if (typeof className !== "string" || !isOurs(className)) return;
    const options = given?.type === "Identifier" ? named.get(given["name"]) : given;
    for (const code of valuesOf(property(options, "code"), constants)) found.push({ className, code });
  };
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (init?.type === "ObjectExpression") named.set((id as unknown as Node)["name"], init as unknown as Node);
    },
    NewExpression: ({ callee, arguments: [, options] }) => {
      add((callee as unknown as Node)["name"], options as unknown as Node);
    },
    ObjectExpression: (node) => {
      const object = node as unknown as Node;
      add(property(object, "name")?.["value"], object);
      // Formats name the codes of what `migrate` throws.
      for (const field of ["fromFuture", "unreadable"]) {
        for (const code of valuesOf(property(object, field), constants)) {
          found.push({ className: "ContextSerdeError", code });
        }
      }
    },
  }).visit(parseSync("source.ts", source).program);
  return found;
}

const isOurs = (name: string): boolean =>
  /^(Workflow|Waiter|Event|Context|Storage|Engine)\w*(Error|ByUser)$/.test(name);

function property(object: Node | undefined, name: string): Node | undefined {
  if (object?.type !== "ObjectExpression") return undefined;
  const properties = object["properties"] as readonly Node[];
  return properties.find(({ key }) => (key as Node | undefined)?.["name"] === name)?.["value"] as Node | undefined;
}

/** Every text an expression can be: a literal, a constant of the file, either branch of a choice. */
function valuesOf(node: Node | undefined, constants: ReadonlyMap<string, string>): string[] {
  switch (node?.type) {
    case "Literal":
      return [String(node["value"])];
    case "Identifier": {
      const value = constants.get(String(node["name"]));
      return value === undefined ? [] : [value];
    }
    case "ConditionalExpression":
      return [node["consequent"], node["alternate"]].flatMap((branch) => valuesOf(branch as Node, constants));
    case "LogicalExpression":
      return [node["left"], node["right"]].flatMap((branch) => valuesOf(branch as Node, constants));
    default:
      return [];
  }
}
