/** The guide's page of that name beside its first page; other help is one address. undefined: there is no help. */
export function guidePage(helpUrl: string | undefined, name: string): string | undefined {
  return helpUrl?.replace(/(^|\/)guide\/index\.html$/, `$1guide/${name}.html`);
}
