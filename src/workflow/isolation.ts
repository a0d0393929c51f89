/** What an isolated step cannot have, in a pool as in place: said by name, with what to do instead. */
import { ContextStateError } from "../core/errors.ts";

const CODE = "STEP_ISOLATED";

/** `ctx.collectEvents` answers at once, which nothing beyond a thread can. */
export function refuseCollecting(step: string): ContextStateError {
  return new ContextStateError(
    `Step ${step} is isolated, so it cannot call ctx.collectEvents. Let a step that is not isolated collect and send it the whole set, or let it accept allOf(…) or listOf(…).`,
    { code: CODE, data: { step, call: "collectEvents" } },
  );
}

/** In place of `ctx.resources`: reading any of them throws. */
export function withoutResources(step: string): object {
  return new Proxy(Object.freeze({}), {
    get(_nothing, name) {
      if (typeof name !== "string") return undefined;
      throw new ContextStateError(
        `Step ${step} is isolated, so it has no ctx.resources: ${name} stays in the engine's thread. Make it in the step, or once per worker in a variable of the step's module.`,
        { code: CODE, data: { step, call: "resources", resource: name } },
      );
    },
  });
}
