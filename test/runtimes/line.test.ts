import { EngineUnavailableError } from "tickwork";
import { expect, test, vi } from "vitest";
import { End } from "../../src/runtimes/browser/line.ts";

const gone = new EngineUnavailableError("It is gone.");
const never = new Promise<never>(() => undefined);

test("an answer that comes before the end is the answer, and so is its failure", async () => {
  const end = new End();
  expect(await end.before(Promise.resolve(1))).toBe(1);
  await expect(end.before(Promise.reject(new Error("no")))).rejects.toThrow("no");
});

test("all who wait when the end comes are told why, and who asks after it at once", async () => {
  const end = new End();
  const waiting = [end.before(never), end.before(never)];
  end.because(gone);
  end.because(new EngineUnavailableError("Another reason."));
  for (const each of [...waiting, end.before(never), end.promise]) await expect(each).rejects.toBe(gone);
  // What is refused after that is nobody's unhandled rejection.
  await expect(end.before(Promise.reject(new Error("late")))).rejects.toBe(gone);
});

test("calls leave nothing at the promise that lasts as long as the line", async () => {
  const end = new End();
  const then = vi.spyOn(end.promise, "then");
  for (let call = 0; call < 10; call++) await end.before(Promise.resolve(call));
  expect(then).not.toHaveBeenCalled();
});
