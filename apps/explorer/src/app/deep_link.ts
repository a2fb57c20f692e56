/** What a link's `#path=…&offset=…` says. */
export interface DeepLink {
  readonly path: string | undefined
  readonly offset: number | undefined
}

/** `#path=disk%2Fimage.raw&offset=0x1F40`. */
export function formatLink(link: { readonly path: string; readonly offset: number }): string {
  return `#path=${encodeURIComponent(link.path)}&offset=0x${link.offset.toString(16).toUpperCase()}`
}

/** Reads what it can; what it cannot read is as good as absent. */
export function parseLink(hash: string): DeepLink {
  const fields = new Map<string, string>()
  for (const part of hash.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=')
    if (at > 0) fields.set(part.slice(0, at), decode(part.slice(at + 1)))
  }
  return { path: fields.get('path') || undefined, offset: parseOffset(fields.get('offset')) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0x[0-9a-f]{1,14}|\d{1,16})$/i.test(text)) return undefined
  const offset = Number(text)
  return Number.isSafeInteger(offset) ? offset : undefined
}
