import { run } from "tickwork";
import { expect, test } from "vitest";
import { profileCsv } from "../../inspector/demo/csv-direct.ts";
import { Answer, csvProfile } from "../../inspector/demo/csv-profile.ts";
import { putFile } from "../../inspector/demo/files.ts";
import { csvSamples, fetchSample } from "../../inspector/demo/samples.ts";

test("the bundled sample, profiled in the browser, equals its direct profile", async () => {
  const [sample] = csvSamples;
  if (!sample) throw new Error("no sample");
  const blob = await fetchSample(sample);
  const handler = run(csvProfile, { fileId: await putFile(blob, sample.name) });
  await handler.sendEvent(Answer({ column: "county_id", treatAs: "text" }));
  const report = await handler.result();
  expect(report).toEqual(profileCsv(await blob.text(), { name: sample.name, decisions: { county_id: "text" } }));
});
