import * as tickwork from "tickwork";
import { expect, test } from "vitest";
import { errorClasses } from "../../src/core/errors.ts";

test.each(Object.entries(errorClasses))(
  "%s is a WorkflowError with its own name, a code, a cause and data",
  (name, ErrorClass) => {
    const error = new ErrorClass("m", { cause: "c", data: { n: 1 } });
    expect(error).toBeInstanceOf(tickwork.WorkflowError);
    expect(error).toMatchObject({ name, message: "m", cause: "c", data: { n: 1 } });
    expect(error.code).toMatch(/^[A-Z_]+$/);
    expect((tickwork as Record<string, unknown>)[name]).toBe(ErrorClass);
  },
);

test("codes are unique, and one given replaces the class's own", () => {
  const codes = Object.values(errorClasses).map((ErrorClass) => new ErrorClass("m").code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(new tickwork.StorageError("m", { code: "QUOTA" }).code).toBe("QUOTA");
});
