/** The inspector, whole page, over the engine of the scene that the address names. */
import "../../../inspector/demo/zod-without-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Inspector } from "tickwork/inspector";
import { worlds } from "./scenes/worlds.ts";
import "../../../inspector/inspector.css";
import "../../../inspector/ui/app.css";

const name = new URLSearchParams(location.search).get("scene") ?? "day";
const world = Object.entries(worlds).find(([known]) => known === name)?.[1];
const element = document.getElementById("root");
if (world === undefined) throw new Error(`No scene is called ${name}: there are ${Object.keys(worlds).join(", ")}.`);
if (element === null) throw new Error("The page has no element with the id root.");

const source = await world();
createRoot(element).render(
  <StrictMode>
    <Inspector source={source} placeInUrl helpUrl="guide/index.html" />
  </StrictMode>,
);
