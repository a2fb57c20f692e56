/** Whether no element has the focus: the one that had it was taken out of the page, or disabled. */
export function isFocusLost(): boolean {
  const active = document.activeElement
  return active === null || active === document.body
}
