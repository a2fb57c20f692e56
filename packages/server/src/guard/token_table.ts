import { digestOf, type NamedToken } from './credentials.ts'
import { isRole, ROLES } from './principal.ts'

/** The table of tokens cannot be used; the message says why, and in which line. */
export class TokenTableError extends Error {
  override readonly name = 'TokenTableError'
}

/** Each request looks at all of them. */
const MAX_COUNT = 1_000
/** Names that the audit trail uses for others. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['link', 'anonymous', 'server'])

/**
 * Reads a table of tokens: one a line as `NAME ROLE TOKEN [EXPIRES]`, `#` for remarks. The token is written as it is, or as
 * `sha256:` and the hash of it in hex, which opens nothing to who reads the file. EXPIRES is a date, or a date and time, of ISO 8601.
 *
 * @throws TokenTableError naming the line, and never what is in it.
 */
export function parseTokenTable(text: string): NamedToken[] {
  const tokens: NamedToken[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fields = line.trim().split(/\s+/)
    if (fields[0] === '' || fields[0]?.startsWith('#') === true) continue
    tokens.push(parseFields(fields, index + 1))
  }
  assertDistinct(tokens)
  return tokens
}

function parseFields(fields: readonly string[], line: number): NamedToken {
  const [name = '', role = '', token = '', expires] = fields
  if (fields.length < 3 || fields.length > 4) throw wrong(line, 'write NAME ROLE TOKEN [EXPIRES]')
  if (!/^[\w.@+-]{1,64}$/.test(name)) throw wrong(line, 'a name has 1 to 64 letters, digits and any of _ . @ + -')
  if (RESERVED_NAMES.has(name)) throw wrong(line, `"${name}" is a name that the audit trail uses for others`)
  if (!isRole(role)) throw wrong(line, `the role is one of ${ROLES.join(', ')}`)
  return { principal: { name, role }, digest: parseToken(token, line), expiresMs: parseExpires(expires, line) }
}

function parseToken(token: string, line: number): Buffer {
  const hex = /^sha256:([0-9a-f]{64})$/i.exec(token)?.[1]
  if (hex !== undefined) return Buffer.from(hex, 'hex')
  if (/^[\w-]{32,256}$/.test(token)) return digestOf(token)
  throw wrong(line, 'a token has 32 to 256 letters, digits, "-" and "_", or is sha256: and 64 hexadecimal digits')
}

function parseExpires(text: string | undefined, line: number): number | undefined {
  if (text === undefined) return undefined
  const isDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const expiresMs = isDate ? Date.parse(text) : Number.NaN
  if (Number.isFinite(expiresMs)) return expiresMs
  throw wrong(line, 'it expires at a date as 2027-01-31, or a time as 2027-01-31T18:00:00Z')
}

function assertDistinct(tokens: readonly NamedToken[]): void {
  if (tokens.length > MAX_COUNT) throw new TokenTableError(`it holds ${tokens.length} tokens; at most ${MAX_COUNT}`)
  const digests = new Set(tokens.map(({ digest }) => digest.toString('hex')))
  if (digests.size < tokens.length)
    throw new TokenTableError('two lines have the same token: who asks must be told apart')
  const names = new Set(tokens.map(({ principal }) => principal.name))
  if (names.size < tokens.length) throw new TokenTableError('two lines have the same name: who asks must be told apart')
}

function wrong(line: number, what: string): TokenTableError {
  return new TokenTableError(`line ${line}: ${what}`)
}
