/** After another run was opened from within this one: the focus goes to its name, which every width shows. */
export function focusRunTitle(root: Element | null): void {
  root?.querySelector<HTMLElement>("[data-run-title]")?.focus();
}
