import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { ErrorText } from "../../inspector/ui/ErrorText.tsx";
import { JsonTree } from "../../inspector/ui/JsonTree.tsx";

const SCRIPT = '<img src=x onerror="globalThis.harmed = true"><script>globalThis.harmed = true</script>';

test("what a run holds is text, whatever it looks like", () => {
  const { container } = render(
    <>
      <JsonTree label={SCRIPT} value={{ text: SCRIPT, [SCRIPT]: [SCRIPT], href: "javascript:alert(1)" }} />
      <ErrorText error={{ name: SCRIPT, message: SCRIPT, stack: SCRIPT }} />
    </>,
  );
  expect(container.querySelectorAll("img, script, a[href]")).toHaveLength(0);
  expect(container.textContent).toContain("<img src=x onerror=");
  expect(globalThis).not.toHaveProperty("harmed");
});
