/** Runs in which anything may happen that can: for properties of what is told about runs. */
import fc from "fast-check";
import { nextDue } from "../../src/core/broker-state.ts";
import { busySlots } from "../../src/core/slots.ts";
import type { InvocationId } from "../../src/core/tick.ts";
import { Fold, noRetry, program, retryIn, wait } from "../core/fold.ts";

const action = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("send", "return" as const) },
    { weight: 2, arbitrary: fc.constantFrom("fail", "wait", "wake", "answer" as const) },
    { weight: 1, arbitrary: fc.constantFrom("late", "fatal", "cancel", "resume", "stop" as const) },
  ),
  which: fc.nat(9),
  after: fc.constantFrom(0, 0, 1, 7, 300, 2_500),
});

/** `late`: results among its ticks that came too late. */
export type AnyRun = Fold & { late: number };

export const anyRun: fc.Arbitrary<AnyRun> = fc.array(action, { maxLength: 120 }).map((actions) => {
  const run: AnyRun = Object.assign(new Fold(program({ a: "Start", b: ["X", 3], c: ["Y", 1] })), { late: 0 });
  let at = 1_000;
  let old: InvocationId | undefined;
  run.at(at).start();
  for (const { what, which, after } of actions) {
    run.at((at += after));
    const running = allRunning(run);
    const chosen = running[which % Math.max(1, running.length)];
    const due = nextDue(run.state);
    if (what === "send") run.send(which % 2 === 0 ? "X" : "Y");
    else if (what === "answer") run.send("Answer");
    else if (what === "cancel") run.cancel();
    else if (what === "resume") run.resume({ loadedUntil: at - Math.floor(after / 2) });
    else if (what === "stop" && which === 0) run.send("Stop");
    else if (what === "wake" && due !== null) run.at((at = Math.max(at, due))).wakeup(due);
    else if (what === "late" && old && !running.some((id) => isSame(id, old))) {
      run.returned(old);
      run.late += 1;
    } else if (chosen) {
      old = chosen;
      if (what === "return") run.returned(chosen, ...(which % 3 === 0 ? ["X", "Y"] : []));
      else if (what === "fail") run.failed(chosen, retryIn(which * 100));
      else if (what === "fatal") run.failed(chosen, noRetry);
      else if (what === "wait") run.waits(chosen, wait("Answer"));
    }
  }
  return run;
});

function allRunning({ state }: Fold): InvocationId[] {
  return state.program.steps.flatMap(({ name, index }) =>
    Array.from(busySlots(state.steps[index]!.slots), ([workerId, { workItem }]) => ({
      step: name,
      workerId,
      workItem: workItem.id,
      invocation: workItem.invocation,
    })),
  );
}

function isSame(a: InvocationId, b: InvocationId | undefined): boolean {
  return a.workItem === b?.workItem && a.invocation === b.invocation;
}
