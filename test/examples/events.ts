// #region kinds
import { z } from "zod";
import {
  defineEvent,
  EventValidationError,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
} from "tickwork";

const Upload = startEvent("Upload", z.object({ file: z.string() }));
const Page = defineEvent(
  "Page",
  z.object({ number: z.number(), words: z.number().default(0) }),
);
const Unclear = inputRequiredEvent("Unclear", z.object({ page: z.number() }));
const Reading = humanResponseEvent("Reading", z.object({ text: z.string() }));
const Report = stopEvent("Report", z.object({ words: z.number() }));

console.log([Upload, Page, Unclear, Reading, Report].map((kind) => kind.role));
// #endregion

// #region make
const page = Page({ number: 3 }); // words has a default
console.log(page, Object.isFrozen(page));
console.log(Page.is(page), Report.is(page), Page.is({ type: "Page", data: {} }));
// #endregion

// #region invalid
try {
  Page({ number: "three" } as never);
} catch (error) {
  if (!(error instanceof EventValidationError)) throw error;
  console.log(error.code, error.data);
}
// #endregion

// #region data
const Visit = defineEvent("Visit", z.object({ at: z.date(), tags: z.set(z.string()) }));
console.log(Visit({ at: new Date(0), tags: new Set(["new"]) }).data);

try {
  defineEvent("Job")({ work: () => 1 } as never);
} catch (error) {
  console.log((error as Error).message);
}
// #endregion
