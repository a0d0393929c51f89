/**
 * Makes a thumbnail of every image and a contact sheet of all.
 *
 *   Album ─► list ─ Picture ─► resize ─ Thumbnail ─► sheet ─► ContactSheet
 *
 * Images are read from and written to the file store; events carry ids and sizes. A file that cannot be decoded is
 * tried again, and then takes its place on the sheet as a broken one: it never ends the run.
 */
import { constantDelay, defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import { z } from "zod";
import { getFile, putFile } from "./files.ts";
import { contactSheet, thumbnailOutcome } from "./thumbnails-report.ts";
import { drawContactSheet, drawThumbnail } from "./thumbnail-canvas.ts";

const picture = z.object({
  index: z.number(),
  /** How many pictures the album has. */
  of: z.number(),
  fileId: z.string(),
  name: z.string(),
  square: z.number(),
});

export const Album = startEvent(
  "Album",
  z.object({
    images: z
      .array(z.object({ fileId: z.string(), name: z.string() }))
      .min(1)
      .max(1_000)
      .describe("Stored images"),
    square: z.number().int().min(16).max(512).default(160).describe("Longest side of a thumbnail in pixels"),
  }),
);
const Picture = defineEvent("Picture", picture);
const Thumbnail = defineEvent("Thumbnail", z.object({ picture, outcome: thumbnailOutcome }));
const ContactSheet = stopEvent("ContactSheet", contactSheet);

const maximumAttempts = 3;

export const thumbnails = defineWorkflow("thumbnails", {
  description: "Shrink images and put them on one sheet",
  timeout: 30 * 60_000,
})
  .step(
    "list",
    { accepts: Album, emits: Picture, numWorkers: 1, description: "Take the images one by one" },
    (event, ctx) => {
      const { images, square } = event.data;
      for (const [index, image] of images.entries()) {
        ctx.sendEvent(Picture({ ...image, index, of: images.length, square }));
      }
    },
  )
  .step(
    "resize",
    {
      accepts: Picture,
      emits: Thumbnail,
      numWorkers: 4,
      retryPolicy: constantDelay({ maximumAttempts, delay: 500 }),
      description: "Decode one image and draw it small",
    },
    async (event, ctx) => {
      const { fileId, name, square } = event.data;
      try {
        const { blob } = await getFile(fileId);
        const drawn = await drawThumbnail(blob, name, square);
        // The id says what it is, so making it twice stores it once.
        const thumbnailId = await putFile(drawn.blob, `thumbnail of ${name}`, `${fileId} at ${square}`);
        return Thumbnail({
          picture: event.data,
          outcome: {
            status: "done",
            original: { ...drawn.original, bytes: blob.size },
            thumbnail: { ...drawn.size, fileId: thumbnailId, bytes: drawn.blob.size },
          },
        });
      } catch (error) {
        const attempts = ctx.retryInfo().attempt + 1;
        if (ctx.signal.aborted || attempts < maximumAttempts) throw error;
        const problem = error instanceof Error ? error.message : String(error);
        return Thumbnail({ picture: event.data, outcome: { status: "broken", problem, attempts } });
      }
    },
  )
  .step(
    "sheet",
    { accepts: Thumbnail, emits: ContactSheet, numWorkers: 1, description: "Draw all thumbnails on one image" },
    async (event, ctx) => {
      const { of, square } = event.data.picture;
      const all = ctx.collectEvents(
        event,
        Array.from({ length: of }, () => Thumbnail),
      );
      if (!all) return;
      const ordered = all.map(({ data }) => data).toSorted((a, b) => a.picture.index - b.picture.index);
      const entries = await Promise.all(
        ordered.map(async ({ picture: { name }, outcome }) => {
          const thumbnail = outcome.status === "done" ? (await getFile(outcome.thumbnail.fileId)).blob : null;
          return { name, thumbnail };
        }),
      );
      const sheet = await drawContactSheet(entries, square, ctx.signal);
      const fileId = await putFile(sheet.blob, "contact-sheet.png", `contact sheet of ${ctx.runId}`);
      return ContactSheet({
        sheet: { fileId, bytes: sheet.blob.size, width: sheet.size.width, height: sheet.size.height },
        images: ordered.map(({ picture: { name, fileId: id }, outcome }) => ({ name, fileId: id, outcome })),
      });
    },
  );
