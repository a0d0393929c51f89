import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { typeInto } from "./type-into.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test(`what a tick changed, what if it had not been, and on from before it, ${colorScheme}`, async ({ page }) => {
    const serious = async (): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
    };
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/");
    await page.getByLabel(/Slowly/).uncheck();
    await page.getByRole("button", { name: /species\.csv/ }).click();
    await expect(page.getByRole("article", { name: "ask waits for Answer" })).toBeVisible();

    // A pinned tick, and one further on.
    const jump = page.getByLabel("Jump to tick");
    await typeInto(jump, "20");
    await jump.press("Enter");
    await page.getByRole("button", { name: "Compare with this tick" }).click();
    await typeInto(jump, "70");
    await jump.press("Enter");
    const detail = page.getByRole("complementary", { name: "Detail" });
    await expect(detail.getByText("to #70")).toBeVisible();
    await expect(detail.getByRole("heading", { name: /^Steps/ })).toBeVisible();
    await expect(page).toHaveURL(/tick=70.*from=20/);
    expect(await serious(), "changes").toEqual([]);

    // Without it, in a sandbox that says so.
    await jump.blur();
    await page.keyboard.press("w");
    await expect(page.getByText("Sandbox: the run is not touched.")).toBeVisible();
    await expect(detail.getByRole("heading", { name: /later ticks without effect/ })).toBeVisible();
    await expect(page).toHaveURL(/whatif=skip/);
    expect(await serious(), "a sandbox").toEqual([]);
    await page.getByRole("slider", { name: "Tick shown" }).fill("100");
    await expect(detail.getByText(/^After #100: /)).toBeVisible();
    await expect(page).toHaveURL(/whatif=skip.*sandbox=100/);
    await page.reload();
    await expect(detail.getByRole("heading", { name: /later ticks without effect/ })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByText("Sandbox: the run is not touched.")).toBeHidden();

    // Really on from there: another run, with the focus on it and a way back.
    await page.getByRole("button", { name: "Continue from here" }).last().click();
    await expect(page.getByRole("heading", { level: 1, name: "csv-profile" })).toBeFocused();
    await expect(page).not.toHaveURL(/tick=/);
    await detail.getByRole("button", { name: /at #70$/ }).click();
    await expect(page).toHaveURL(/tick=70/);
  });
}
