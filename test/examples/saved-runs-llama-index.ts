import { z } from "zod";
import { defineWorkflow, resume, startEvent, stopEvent } from "tickwork";
import { fromLlamaIndex } from "tickwork/llama-index";

const Ask = startEvent("Ask", z.object({ topic: z.string() }));
const Joke = stopEvent("Joke", z.object({ text: z.string() }));

const joking = defineWorkflow("joking").step(
  "tell",
  { accepts: Ask, emits: Joke },
  async ({ data }, ctx) =>
    Joke({ text: `${await ctx.store.get("greeting")} about ${data.topic}` }),
);

// What ctx.to_dict() gave in Python, through JSON.
const saved = {
  version: 1,
  state: {
    state_type: "DictState",
    state_module: "workflows.context.state_store",
    state_data: { _data: { greeting: '"A joke"', model: '"small"' } },
  },
  is_running: true,
  workers: {
    tell: {
      queue: [
        {
          event: JSON.stringify({
            __is_pydantic: true,
            value: { topic: "pirates" },
            qualified_name: "workflows.events.StartEvent",
          }),
        },
      ],
      in_progress: [],
      collected_events: {},
      collected_waiters: [],
    },
  },
};

const { context, notCarriedOver } = fromLlamaIndex(saved, { workflow: joking });
console.log(notCarriedOver);
console.log(await resume(joking, context).result());
