import { defineEvent, defineWorkflow, startEvent, stopEvent, validate } from "tickwork";

const Start = startEvent("Start");
const Draft = defineEvent("Draft");
const Review = defineEvent("Review");
const Lost = defineEvent("Lost");
const Done = stopEvent("Done");

const mistaken = defineWorkflow("mistaken")
  .step("write", { accepts: Start, emits: [Draft, Lost] }, () => Draft())
  .step("publish", { accepts: Draft, emits: Done }, () => Done())
  .step("check", { accepts: Review, emits: Draft }, () => Draft());

try {
  validate(mistaken);
} catch (error) {
  console.log((error as Error).message);
}
