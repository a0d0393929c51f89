import { expect, test } from "@playwright/test";
import { effort, showProgress } from "./effort.ts";

test("a worker killed at any write loses nothing, doubles nothing, and repeats nothing finished", async ({ page }) => {
  // About 60 ms for each point when the machine is idle; several times that when it is not.
  test.setTimeout(60_000 + (effort.crashLimit || effort.crashPoints * 300));
  const { crashPoints: points, crashLimit, seed } = effort;
  await showProgress(page);
  await page.goto(process.env["TICKWORK_PROOFS"]!);

  const report = await page.evaluate((options) => window.proofs.crash(options), {
    lanes: 4,
    points,
    seed,
    ...(crashLimit > 0 && { limit: crashLimit }),
  });

  console.log(
    `${report.points} crash points in ${report.trials} runs, seed ${seed}: ${JSON.stringify(report.pointsOf)}`,
  );
  expect(report.differences).toEqual([]);
  if (crashLimit === 0) expect(report.points).toBeGreaterThanOrEqual(points);
  expect(Object.keys(report.pointsOf)).toHaveLength(16);
  // Each was killed in all four moments of at least two writes.
  for (const [name, count] of Object.entries(report.pointsOf)) expect(count, name).toBeGreaterThanOrEqual(8);
});
