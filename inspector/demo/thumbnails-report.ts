/** What became of the images: what the workflow ends with and the page draws. */
import { z } from "zod";

const size = z.object({ width: z.number(), height: z.number() });
const storedImage = size.extend({ fileId: z.string(), bytes: z.number() });

export const thumbnailOutcome = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("done"),
    original: size.extend({ bytes: z.number() }),
    thumbnail: storedImage,
  }),
  z.object({ status: z.literal("broken"), problem: z.string(), attempts: z.number() }),
]);

export const contactSheet = z.object({
  sheet: storedImage,
  images: z.array(z.object({ name: z.string(), fileId: z.string(), outcome: thumbnailOutcome })),
});
export type ContactSheetReport = z.infer<typeof contactSheet>;
