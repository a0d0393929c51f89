import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { expect, test } from "vitest";

test.each(["", "  ", "__proto__", 7 as never])("%j names neither workflow nor step nor event", (name) => {
  const refused = expect.objectContaining({ name: "WorkflowConfigurationError" }) as Error;
  const makers = [
    () => defineEvent(name),
    () => defineWorkflow(name),
    () => defineWorkflow("w").step(name, { accepts: StartEvent, emits: StopEvent }, () => StopEvent()),
  ];
  for (const make of makers) expect(make).toThrow(refused);
});
