import { z } from "zod";
import { defineEvent, defineWorkflow, run, startEvent, stopEvent } from "tickwork";

const Begin = startEvent("Begin");
const Alarm = defineEvent("Alarm", z.object({ place: z.string() }));
const Fire = defineEvent("Fire", z.object({ place: z.string(), floor: z.number() }), {
  extends: Alarm,
});
const Done = stopEvent("Done", z.object({ heard: z.string() }));

const watching = defineWorkflow("watching")
  .step("watch", { accepts: Begin, emits: Fire }, () =>
    Fire({ place: "kitchen", floor: 2 }),
  )
  .step("alert", { accepts: Alarm, acceptsSubkinds: true, emits: Done }, (event) =>
    Done({ heard: `${event.type} in the ${event.data.place}` }),
  );

console.log(await run(watching).result());
