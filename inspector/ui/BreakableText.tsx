import { Fragment } from "react";

/** Before a dot, a bracket or a slash, after a dash or an underscore, and between the words of a camelCase name. */
const BREAKS = /(?=[.[/])|(?<=[-_])|(?<=[a-z0-9])(?=[A-Z])/;

/** A path or a name that may be broken between its words, so that it need not be broken within one. */
export function BreakableText({ text }: { readonly text: string }) {
  return text.split(BREAKS).map((word, at) => (
    // A word has no identity but its place.
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {word}
    </Fragment>
  ));
}
