/** The inspector as a page of its own: for an app in another tab of this site, and for run files. */
// First: it keeps zod from compiling functions, which the page's security policy forbids.
import "../demo/zod-without-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { firstShown, StandalonePage } from "./StandalonePage.tsx";
import "../inspector.css";
import "../ui/app.css";
import "./standalone.css";

const first = firstShown();
const element = document.getElementById("root");
if (element === null) throw new Error("The page has no element with the id root.");
createRoot(element).render(
  <StrictMode>
    <StandalonePage first={first} />
  </StrictMode>,
);
