import type { StartPanelProps } from "./demo-entry.ts";
import { DropZone } from "./DropZone.tsx";
import { putFile } from "./files.ts";
import { formatNoun } from "./format.ts";
import { fetchSample, imageSamples } from "./samples.ts";
import { TaskStatus } from "./TaskStatus.tsx";
import { useTask } from "./use-task.ts";

interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

const mostImages = 1_000;

export function ThumbnailsStartPanel({ onStart }: StartPanelProps) {
  const task = useTask();

  async function begin(files: readonly NamedBlob[]): Promise<void> {
    if (files.length > mostImages) {
      throw new Error(`${formatNoun(files.length, "file")} are too many for one sheet: take ${mostImages} at most.`);
    }
    const images: { fileId: string; name: string }[] = [];
    // One after the other: a hundred photos at once would fill the memory while they are written.
    for (const { name, blob } of files) images.push({ fileId: await putFile(blob, name), name });
    await onStart("thumbnails", { images });
  }

  async function beginWithSamples(): Promise<void> {
    const pictures = await Promise.all(
      imageSamples.map(async (sample) => ({ ...sample, blob: await fetchSample(sample) })),
    );
    // The first bytes of a picture: it has the look of one and cannot be decoded.
    const [first] = pictures;
    const torn = first ? [{ name: "torn.png", blob: first.blob.slice(0, 200, first.blob.type) }] : [];
    await begin([...pictures, ...torn]);
  }

  return (
    <div className="tw-demo tw-demo-panel">
      <DropZone
        label="Drop images, or choose some"
        hint="Several at once. Broken ones are reported, not fatal."
        accept="image/*"
        multiple
        disabled={task.doing !== null}
        onFiles={(files) =>
          task.start(`Storing ${formatNoun(files.length, "image")}…`, () =>
            begin(files.map((file) => ({ name: file.name, blob: file }))),
          )
        }
      />
      <fieldset className="tw-demo-samples" disabled={task.doing !== null}>
        <legend>Or take some pictures</legend>
        <button
          type="button"
          className="tw-demo-sample"
          onClick={() => task.start("Loading the pictures…", beginWithSamples)}
        >
          <span>{formatNoun(imageSamples.length, "picture")} and a torn one</span>
          <span className="tw-demo-muted">To see what is tried again and what is reported</span>
        </button>
      </fieldset>
      <TaskStatus task={task} />
    </div>
  );
}
