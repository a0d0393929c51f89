/**
 * An app of somebody's that has the inspector in it: with a look of its own, and rules for elements as apps have them.
 * What the test asks for is in the address: `styles` (names of sheets, with commas), how many `boxes`, their `width` and
 * `height`, and whether they are `fixed`, over the app.
 */
import "../../../inspector/demo/zod-without-eval.ts";
import { StrictMode, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import type { Engine } from "tickwork/client";
import { connect } from "tickwork/client";
import { Inspector } from "tickwork/inspector";
import "../../../inspector/inspector.css";
import plain from "./host.css?url";
import preflight from "./host-preflight.css?url";
import reboot from "./host-reboot.css?url";
import tags from "./host-tags.css?url";

declare global {
  /** For the test that drives this page. */
  var engines: readonly Engine[];
  var showInspectors: (isShown: boolean) => void;
}

const asked = new URLSearchParams(location.search);
const boxes = Number(asked.get("boxes") ?? 1);
const width = asked.get("width") ?? "100%";
const height = asked.get("height") ?? "760px";
const place = asked.has("fixed") ? ({ position: "fixed", inset: "auto auto 0 0", margin: 0 } as const) : {};
const sheets: { readonly [name: string]: string } = { plain, preflight, reboot, tags };

const sources = Array.from({ length: boxes }, (_box, box) =>
  connect(() => new Worker(new URL("./host.worker.ts", import.meta.url), { type: "module", name: `host-${box}` })),
);
globalThis.engines = sources;

function Page() {
  const [isShown, setShown] = useState(asked.get("shown") !== "no");
  const [clicks, setClicks] = useState(0);
  globalThis.showInspectors = (next) => flushSync(() => setShown(next));
  return (
    <div className="host">
      <header className="host-header">
        <a href="#home">Home</a> <a href="#about">About</a>
        <input type="search" aria-label="Search the app" />
        <button type="button" onClick={() => setClicks(clicks + 1)}>
          Clicked {clicks} times
        </button>
      </header>
      <div className="host-body">
        <Prose />
        {isShown &&
          sources.map((source, box) => (
            <div key={box} className="host-box" data-box={box} style={{ width, height, ...place }}>
              <Inspector source={source} />
            </div>
          ))}
        <Form />
      </div>
    </div>
  );
}

function Prose() {
  return (
    <article>
      <h1>Orders</h1>
      <h2>Of this week</h2>
      <p>
        Some <em>text</em> with <strong>weight</strong>, <code>code</code> and <kbd>K</kbd>.
      </p>
      <ul>
        <li>One</li>
        <li>Two</li>
      </ul>
      <dl>
        <dt>Open</dt>
        <dd>3</dd>
      </dl>
      <pre>fixed</pre>
      <table>
        <thead>
          <tr>
            <th>Name</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>Ada</td>
          </tr>
        </tbody>
      </table>
      <svg width="24" height="24" viewBox="0 0 24 24">
        <circle cx="12" cy="12" r="9" />
      </svg>
      <details open>
        <summary>Further</summary>
        <p>Shown</p>
      </details>
    </article>
  );
}

function Form() {
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>Note</legend>
        <label>
          Title <input type="text" defaultValue="A title" />
        </label>
        <label>
          <input type="checkbox" /> Urgent
        </label>
        <select aria-label="Kind">
          <option>one</option>
        </select>
        <textarea aria-label="Text" defaultValue="text" />
        <button type="submit">Save</button>
      </fieldset>
    </form>
  );
}

async function loadSheet(name: string): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = sheets[name] ?? "";
  link.dataset["sheet"] = name;
  const loaded = new Promise((resolve) => link.addEventListener("load", resolve));
  document.head.append(link);
  await loaded;
}

// After the inspector's, where they have the last word.
for (const name of (asked.get("styles") ?? "plain").split(",")) await loadSheet(name);
const element = document.getElementById("root");
if (element === null) throw new Error("The page has no element with the id root.");
createRoot(element).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
