export interface Part {
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** Takes a multipart body apart by its delimiters alone (RFC 2046 §5.1.1), and throws at anything that does not belong there. */
export function readParts(contentType: string, body: Buffer): Part[] {
  const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(contentType)?.[1]
  if (boundary === undefined) throw new Error(`no multipart: ${contentType}`)
  const parts: Part[] = []
  const delimiter = `\r\n--${boundary}`
  let at = `--${boundary}`.length
  if (!body.subarray(0, at).equals(Buffer.from(`--${boundary}`))) throw new Error('it does not begin with a delimiter')
  while (body.subarray(at, at + 2).toString() === '\r\n') {
    const headEnd = body.indexOf('\r\n\r\n', at)
    const end = body.indexOf(delimiter, headEnd + 4)
    if (headEnd < 0 || end < 0) throw new Error('a part has no end')
    const lines = body
      .subarray(at + 2, headEnd)
      .toString()
      .split('\r\n')
    const headers = Object.fromEntries(lines.map((line) => line.split(/: /, 2) as [string, string]))
    parts.push({ headers, bytes: body.subarray(headEnd + 4, end) })
    at = end + delimiter.length
  }
  if (body.subarray(at).toString() !== '--\r\n') throw new Error('it does not end with the closing delimiter')
  return parts
}
