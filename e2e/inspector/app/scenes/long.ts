/** Names, ids, messages and data as long as people make them, in several scripts. */
import { defineEvent, defineWorkflow, startEvent, stopEvent, type Workflow } from "tickwork";

const NAMES = [
  "normaliseCustomerAddressesOfTheNorthernRegion",
  "überprüfe die Rechtschreibung aller Straßennamen",
  "έλεγξε τα τηλέφωνα και τους ταχυδρομικούς κώδικες",
  "x",
  "resolve-duplicates-with-the-registry-of-companies",
  "write.the.report.for.the.people.in.accounting",
];

const Begin = startEvent("TheCustomersOfTheNorthernRegionWereExportedFromTheOldSystem");
const End = stopEvent("AllAddressesOfTheNorthernRegionAreInTheNewSystem");
const steps = NAMES.map((name, index) => ({
  name,
  Done: defineEvent(`${index % 2 === 0 ? "AddressesWereLookedAtBy" : "Αποτέλεσμα"}_${name.replaceAll(" ", "")}`),
}));

const MESSAGE =
  "Could not reconcile 1,204 of 98,311 addresses: the registry answered https://registry.example/v2/companies?region=" +
  "north&page=312&fields=name,street,zip,city,country,updatedAt&sort=updatedAt with status 502 after 30,000 ms. " +
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft was the last company read.";

const first = defineWorkflow("move-all-customers-of-the-northern-region-to-the-new-system", {
  description: "Takes every address of the old system, sees to it that it is one, and writes it to the new one",
  timeout: null,
});
export const longNames = steps.reduce<Workflow>((workflow, { name, Done }, index) => {
  const accepts = steps[index - 1]?.Done ?? Begin;
  const isLast = index === steps.length - 1;
  return (workflow as typeof first).step(name, { accepts, emits: isLast ? End : Done }, (_event, ctx) => {
    ctx.log(`${MESSAGE} It goes on without them.`, { name, message: MESSAGE });
    if (!isLast) return Done({ text: MESSAGE, list: [MESSAGE, 1e21, null, { "a key with spaces": true }] });
    const error = new Error(MESSAGE);
    error.stack = `Error: ${MESSAGE}\n    at writeTheReport (accounting/${"reports/".repeat(12)}report.ts:1:1)`;
    throw error;
  });
}, first);
