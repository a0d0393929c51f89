/** Public data for a first try: the Vega data sets, shipped with the app. */
import sevenZipUrl from "../../node_modules/vega-datasets/data/7zip.png?url";
import birdstrikesUrl from "../../node_modules/vega-datasets/data/birdstrikes.csv?url";
import firefoxUrl from "../../node_modules/vega-datasets/data/ffox.png?url";
import gimpUrl from "../../node_modules/vega-datasets/data/gimp.png?url";
import speciesUrl from "../../node_modules/vega-datasets/data/species.csv?url";

export interface Sample {
  readonly name: string;
  readonly url: string;
}

export interface CsvSample extends Sample {
  readonly about: string;
}

export const csvSamples: readonly CsvSample[] = [
  { name: "species.csv", url: speciesUrl, about: "Wildlife by county: 12,360 rows, and one question for you" },
  { name: "birdstrikes.csv", url: birdstrikesUrl, about: "Birds hitting planes: 10,000 rows, 14 columns" },
];

export const imageSamples: readonly Sample[] = [
  { name: "firefox.png", url: firefoxUrl },
  { name: "gimp.png", url: gimpUrl },
  { name: "7zip.png", url: sevenZipUrl },
];

export async function fetchSample({ name, url }: Sample): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`The sample ${name} could not be loaded: ${response.status} ${response.statusText}.`);
  return await response.blob();
}
