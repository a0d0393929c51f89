import { run } from "tickwork";
import { expect, test } from "vitest";
import { getFile, putFile } from "../../inspector/demo/files.ts";
import { thumbnails } from "../../inspector/demo/thumbnails.ts";

async function makeImage(width: number, height: number, colour: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, width, height);
  return await canvas.convertToBlob();
}

test("images become a contact sheet; a broken and a missing one are reported, after three attempts", async () => {
  const photo = await makeImage(640, 320, "#ff0000");
  const images = [
    { name: "photo.png", fileId: await putFile(photo, "photo.png") },
    { name: "torn.png", fileId: await putFile(photo.slice(0, 60, "image/png"), "torn.png") },
    { name: "small.png", fileId: await putFile(await makeImage(20, 40, "#0000ff"), "small.png") },
    { name: "lost.png", fileId: "no such file" },
  ];
  const report = await run(thumbnails, { images, square: 100 }).result();

  expect(report.images.map(({ name }) => name)).toEqual(["photo.png", "torn.png", "small.png", "lost.png"]);
  const [done, torn, small, lost] = report.images.map(({ outcome }) => outcome);
  expect(done).toMatchObject({
    status: "done",
    original: { width: 640, height: 320, bytes: photo.size },
    thumbnail: { width: 100, height: 50 },
  });
  expect(small).toMatchObject({ status: "done", thumbnail: { width: 20, height: 40 } });
  expect(torn).toMatchObject({ status: "broken", attempts: 3 });
  expect(torn).toHaveProperty("problem", expect.stringContaining("“torn.png” could not be decoded"));
  expect(lost).toHaveProperty("problem", expect.stringContaining("not stored in this browser any more"));

  const sheet = await createImageBitmap((await getFile(report.sheet.fileId)).blob);
  expect([sheet.width, sheet.height]).toEqual([report.sheet.width, report.sheet.height]);
  const pen = new OffscreenCanvas(sheet.width, sheet.height).getContext("2d");
  pen?.drawImage(sheet, 0, 0);
  // The middle of the first cell is red, like its image.
  expect([...(pen?.getImageData(12 + 50, 12 + 50, 1, 1).data ?? [])].map((part) => part > 128)).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("a run started again on the same files stores the same thumbnails, not more", async () => {
  const images = [{ name: "a.png", fileId: await putFile(await makeImage(300, 300, "#00ff00"), "a.png") }];
  const [first, second] = [await run(thumbnails, { images }).result(), await run(thumbnails, { images }).result()];
  expect(second.images).toEqual(first.images);
  expect(second.sheet.fileId).not.toBe(first.sheet.fileId);
});
