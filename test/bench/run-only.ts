/** What an app pays that only defines workflows and runs them: measured by `npm run size`. */
export { defineEvent, defineWorkflow, run, startEvent, stopEvent } from "tickwork";
