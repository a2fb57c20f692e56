/**
 * Writes text to the clipboard. The modern interface exists only on https and on this machine's own addresses; a server on
 * the local network is neither, so the old way through a hidden field stays.
 */
export async function writeClipboard(text: string): Promise<void> {
  if (globalThis.navigator.clipboard !== undefined) {
    await globalThis.navigator.clipboard.writeText(text)
    return
  }
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.setAttribute('readonly', '')
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  if (!isCopied) throw new Error('The browser did not allow it.')
}
