/** Isolated steps that tests run in pools of workers, in Node and in Chromium. */
import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  resource,
  startEvent,
  StartEvent,
  StopEvent,
} from "tickwork";
import { z } from "zod";

/** Another one in each worker. */
const thread: string = crypto.randomUUID();

/** Not plain data. */
class Thing {
  readonly name = "thing";
}

const Note = defineEvent("Note");
const Undeclared = defineEvent("Undeclared");
/** Its output would not pass the schema again. */
const Counted = defineEvent(
  "Counted",
  z.object({ text: z.string().transform((text) => text.length), when: z.date().optional() }),
);
export const Answer = humanResponseEvent("Answer", z.object({ yes: z.boolean() }));
export const Other = humanResponseEvent("Other");
const Question = inputRequiredEvent("Question", z.object({ who: z.string() }));
const Elsewhere = humanResponseEvent("Elsewhere");

/** Tells where it ran, and what it found there. */
export const identify = defineWorkflow("identify").step(
  "look",
  { accepts: StartEvent, emits: StopEvent, isolated: true },
  ({ data }, ctx) =>
    StopEvent({
      thread,
      input: data,
      isFrozen: Object.isFrozen(data),
      ids: [ctx.runId, ctx.stepName, ctx.workerId, ctx.workItem],
      isAborted: ctx.signal.aborted,
    }),
);

/** Everything a step can give. */
export const talkative = defineWorkflow("talkative")
  .step("speak", { accepts: StartEvent, emits: Counted, isolated: true }, ({ data }, ctx) => {
    ctx.log("a log", { function: String });
    ctx.writeEventToStream(Note({ streamed: new Map([["a", 1n]]) } as never));
    ctx.sendEvent(Counted({ text: "four" }));
    ctx.sendEvent(Counted({ text: "seven.." }), { step: "hear" });
    return Counted({ text: data as string, when: new Date(5) });
  })
  .step("hear", { accepts: Counted, emits: StopEvent, numWorkers: 1 }, (event, ctx) => {
    const all = ctx.collectEvents(event, [Counted, Counted, Counted]);
    return all ? StopEvent(all.map((one) => one.data) as never) : undefined;
  });

export const joining = defineWorkflow("joining")
  .step("split", { accepts: StartEvent, emits: [Note, Counted] }, (_event, ctx) => {
    ctx.sendEvent(Note("left"));
    ctx.sendEvent(Counted({ text: "right" }));
  })
  .step("join", { accepts: allOf(Note, Counted), emits: StopEvent, isolated: true }, ([note, counted]) =>
    StopEvent([note.data, counted.data.text]),
  );

/** Fails in the way it is told; a TypeError is tried again. */
export const failing = defineWorkflow("failing").step(
  "fail",
  {
    accepts: StartEvent,
    emits: StopEvent,
    isolated: true,
    retryPolicy: {
      ...constantDelay({ maximumAttempts: 3, delay: 0 }),
      decide: ({ error, failures }) =>
        error instanceof TypeError && failures < 3 ? { retry: true, delay: 0 } : { retry: false },
    },
  },
  ({ data: how }, ctx) => {
    const { attempt, lastError, elapsed, lastFailedAt } = ctx.retryInfo();
    switch (how) {
      case "type": {
        if (attempt < 2) throw Object.assign(new TypeError(`attempt ${attempt}`), { code: "E", detail: { field: 1 } });
        const isTypeError = lastError instanceof TypeError;
        return StopEvent({ attempt, isTypeError, message: lastError?.message ?? null, elapsed, lastFailedAt });
      }
      case "undeclared":
        return Undeclared() as never;
      case "swallowed":
        try {
          ctx.sendEvent(Undeclared() as never);
        } catch {
          // The run fails all the same.
        }
        return StopEvent();
      case "function":
        return (() => undefined) as never;
      case "list":
        return [StopEvent()] as never;
      case "invalid":
        return { type: "StopEvent", data: new Thing() } as never;
      case "target":
        try {
          ctx.sendEvent(StopEvent(), { step: "nowhere" });
        } catch (error) {
          return StopEvent((error as { code: string }).code);
        }
        return undefined;
      case "collect":
        (ctx as unknown as { collectEvents(event: unknown, kinds: unknown[]): void }).collectEvents(null, []);
        return undefined;
      default:
        return StopEvent((ctx as unknown as { resources: { cache: null } }).resources.cache);
    }
  },
);

/** Steps that use resources and steps that cannot, side by side. */
export const resourceful = defineWorkflow("resourceful", { resources: { cache: resource(() => "kept") } })
  .step("use", { accepts: StartEvent, emits: Note }, (_event, { resources }) => Note(resources.cache))
  .step("alone", { accepts: Note, emits: StopEvent, isolated: true }, ({ data }) => StopEvent(data));

/** Asks two at once, streams and sends before, and tells how often it ran and its effect too. */
const Age = startEvent("Age", z.object({ born: z.date() }));
const ageing = defineWorkflow("ageing").step("age", { accepts: Age, emits: StopEvent }, ({ data }) => {
  if (data.born.getTime() < 0) throw new RangeError("too old");
  return StopEvent({ thread, born: data.born } as never);
});
const undeclared = defineWorkflow("undeclared").step("s", { accepts: StartEvent, emits: StopEvent }, () => StopEvent());

/** Runs another workflow from its thread; its steps run where the engine is. */
export const parental = defineWorkflow("parental").step(
  "raise",
  { accepts: StartEvent, emits: StopEvent, isolated: true, runs: ageing },
  async ({ data }, ctx) => {
    if (data === "undeclared") await ctx.runWorkflow(undeclared as never, null as never);
    const child = await ctx.runWorkflow(ageing, { born: new Date(data as number) }, { key: "only" });
    return StopEvent({ thread, child });
  },
);

export const asking = defineWorkflow("asking", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent, isolated: true, waitsFor: [Answer, Other] },
  async ({ data }, ctx) => {
    ctx.log("asks");
    const calls = await ctx.store.edit((draft) => (draft["calls"] = ((draft["calls"] as number | undefined) ?? 0) + 1));
    const [effect, same] = await Promise.all([
      ctx.once("effect", () => ({ of: calls, at: new Date(7) })),
      ctx.once("effect", () => ({ of: -1, at: new Date(0) })),
    ]);
    if (data === "elsewhere") await ctx.waitForEvent(Elsewhere);
    const [answer, other] = await Promise.all([
      ctx.waitForEvent(Answer, { waiterEvent: Question({ who: "you" }), requirements: { yes: true } }),
      ctx.waitForEvent(Other, { timeout: null }),
    ]);
    return StopEvent({ calls, effect, isShared: same.of === effect.of, answers: [answer.data, other.data] } as never);
  },
);

export const effects = defineWorkflow("effects").step(
  "try",
  { accepts: StartEvent, emits: StopEvent, isolated: true },
  async (_event, ctx) => {
    const thrown = new RangeError("the very same");
    const isSame = await ctx.once("a", () => Promise.reject(thrown)).catch((error: unknown) => error === thrown);
    const isRolledBack = await ctx.store
      .edit((draft) => {
        draft["x"] = 1;
        throw thrown;
      })
      .catch((error: unknown) => error === thrown);
    const nested = await ctx.store
      .edit(() => ctx.store.set("y", 1))
      .catch((error: unknown) => (error as { code: string }).code);
    const unkeepable = await ctx.store.set("z", new Thing()).catch((error: unknown) => String(error));
    const left = await ctx.store.getState();
    return StopEvent({ isSame, isRolledBack, nested, unkeepable, left } as never);
  },
);

/** Uses all of the store. */
export const storing = defineWorkflow("storing", { state: z.object({ n: z.number().default(1) }) }).step(
  "store",
  { accepts: StartEvent, emits: StopEvent, isolated: true },
  async (_event, { store }) => {
    const codeOf = (error: unknown) => (error as { code: string }).code;
    await store.setState({ n: 5, date: new Date(3) } as never);
    const whole = await store.getState();
    const changed = await store.edit((draft) => (draft.n += 1));
    const missing = await store.get("nothing").catch(codeOf);
    const fallback = await store.get("nothing", 7);
    const invalid = await store.set("n", "text" as never).catch(codeOf);
    await store.set("frozen" as "n", { list: [1] } as never);
    const isFrozen = Object.isFrozen(await store.get("frozen.list"));
    const before = await store.get("n");
    await store.clear();
    return StopEvent({
      whole,
      changed,
      missing,
      fallback,
      invalid,
      isFrozen,
      before,
      cleared: await store.getState(),
    } as never);
  },
);

/** Its edits come with its result or not at all: it fails once after one. */
export const atomic = defineWorkflow("atomic", { commitState: "with result" }).step(
  "add",
  {
    accepts: StartEvent,
    emits: StopEvent,
    isolated: true,
    retryPolicy: constantDelay({ maximumAttempts: 2, delay: 0 }),
  },
  async (_event, ctx) => {
    await ctx.store.edit((draft) => void (draft["count"] = ((draft["count"] as number | undefined) ?? 0) + 1));
    if (ctx.retryInfo().attempt === 0) throw new Error("after the edit");
    return StopEvent(await ctx.store.get("count"));
  },
);

/** Says in the store that it is there, then does as it is told. */
export const busy = defineWorkflow("busy", { timeout: null }).step(
  "work",
  { accepts: StartEvent, emits: StopEvent, isolated: true },
  async ({ data: how }, ctx) => {
    await ctx.store.set("thread", thread);
    if (how === "spin") for (;;);
    if (how === "edit") await ctx.store.edit(() => new Promise(() => undefined));
    if (how === "hang") await new Promise(() => undefined);
    await new Promise((_resolve, reject) => {
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason as Error));
    });
    return undefined;
  },
);

/** Ends its own worker the way it is told. */
export const dying = defineWorkflow("dying").step(
  "die",
  {
    accepts: StartEvent,
    emits: StopEvent,
    isolated: true,
    retryPolicy: constantDelay({ maximumAttempts: 2, delay: 0 }),
  },
  async ({ data: how }, ctx) => {
    const { attempt, lastError } = ctx.retryInfo();
    const { code } = (lastError ?? {}) as { code?: string };
    if (attempt > 0) await ctx.store.set("alive", true);
    if (attempt > 0 && how !== "again")
      return StopEvent({
        thread,
        name: lastError?.name ?? null,
        code: code ?? null,
        message: lastError?.message ?? null,
      });
    ctx.log("its last words");
    if (how === "edit") {
      await ctx.store.edit(() => process.exit(4));
      await new Promise(() => undefined);
    }
    if (how === "memory") for (const hoard: unknown[] = []; ;) hoard.push(Array.from({ length: 10_000 }, Object));
    if (how === "throw") setTimeout(() => throwOutside());
    else if ("close" in globalThis) (globalThis as unknown as { close(): void }).close();
    else process.exit(3);
    await new Promise(() => undefined);
    return undefined;
  },
);

function throwOutside(): never {
  throw new Error("nobody catches this");
}

const Bytes = defineEvent("Bytes", z.object({ bytes: z.instanceof(Uint8Array), parts: z.array(z.unknown()) }));
/** What this worker sent last. */
let sent: ReturnType<typeof Bytes> | undefined;
/** Memory that this worker shares out in parts. */
const whole = new Uint8Array(64).map((_, index) => index);

/** Makes so many bytes, then tells what is left of them here. In a pool of one. */
export const moving = defineWorkflow("moving", { timeout: null })
  .step("make", { accepts: StartEvent, emits: [Bytes, StopEvent], isolated: true }, ({ data }, ctx) => {
    if (data === "again" && sent) {
      ctx.writeEventToStream(sent);
      return StopEvent();
    }
    const bytes = new Uint8Array(Number(data));
    bytes[0] = 1;
    bytes[bytes.length - 1] = 255;
    // Pages share memory only if their server says so.
    const memory = typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(3) : new SharedArrayBuffer(3);
    const shared = new Uint8Array(memory).fill(9);
    sent = Bytes({ bytes, parts: [whole.subarray(8, 12), new Map([["d", new Float64Array([0.5])]]), shared] });
    // The same bytes twice: they move once.
    ctx.writeEventToStream(sent);
    return sent;
  })
  .step("check", { accepts: Bytes, emits: Note, numWorkers: 1 }, ({ data: { bytes, parts } }) =>
    Note({ length: bytes.length, ends: [bytes[0], bytes.at(-1)], parts } as never),
  )
  .step("look", { accepts: Note, emits: StopEvent, isolated: true }, ({ data }) =>
    StopEvent({ received: data, leftHere: sent?.data.bytes.byteLength ?? -1, whole: whole.byteLength }),
  );
