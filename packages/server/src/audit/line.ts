import { createHash } from 'node:crypto'

/** What a chain begins with: the hash before its first line. */
export const FIRST_PREVIOUS: string = '0'.repeat(64)

/** Facts of the server and words of the client never share an object: what somebody sent must not pass for what happened. */
export interface AuditFacts {
  /** `start`, `continued`, `served`, `searched`, `opened`, `editing`, `edited`, `editFailed`, `settled`, `refused`, `revoked`, `job`, `hashed`, `torn`, `lost`, `stop`. */
  readonly kind: string
  readonly who: string
  readonly role?: string
  /** What the server knows. */
  readonly server: Readonly<Record<string, unknown>>
  /** What a client said, cut to a bounded length. */
  readonly client?: Readonly<Record<string, unknown>>
}

export interface AuditClock {
  readonly wall: string
  /** Nanoseconds of a clock that nobody sets, since an arbitrary moment of this boot. */
  readonly monotonicNs: string
}

export interface AuditHead {
  /** Number of the last line, from 1; 0: none yet. */
  readonly sequence: number
  /** Its hash. */
  readonly hash: string
}

export interface AuditLine extends AuditFacts {
  readonly sequence: number
  readonly previous: string
  readonly clock: AuditClock
  readonly hash: string
}

export function lineClock(): AuditClock {
  return { wall: new Date().toISOString(), monotonicNs: String(process.hrtime.bigint()) }
}

const HASH_MARK = ',"hash":"'
const HASH_PART_LENGTH = HASH_MARK.length + 64 + '"}'.length

/**
 * One line and its hash. The hash is of the line's own text up to the hash (and closing brace), the hash of the line before
 * included: any program that has SHA-256 can check it, and nobody has to agree on how JSON is written.
 */
export function formatLine(facts: AuditFacts, head: AuditHead, clock: AuditClock): { text: string; head: AuditHead } {
  const sequence = head.sequence + 1
  const body = JSON.stringify({ sequence, previous: head.hash, clock, ...facts }).slice(0, -1)
  const hash = sha256(body)
  return { text: `${body}${HASH_MARK}${hash}"}\n`, head: { sequence, hash } }
}

/** A whole line, without its end, as it was written; `undefined` when it is none, or its hash is not that of its text. */
export function parseLine(text: string): AuditLine | undefined {
  const body = text.slice(0, -HASH_PART_LENGTH)
  const hash = text.slice(-66, -2)
  if (text.slice(body.length) !== `${HASH_MARK}${hash}"}` || sha256(body) !== hash) return undefined
  try {
    const line: unknown = JSON.parse(text)
    return isLine(line) ? line : undefined
  } catch {
    return undefined
  }
}

/** The same of a file's bytes. Those that are no UTF-8 would read as U+FFFD, which a name may hold: a line with them is not what was written. */
export function parseLineBytes(bytes: Buffer): AuditLine | undefined {
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes) ? parseLine(text) : undefined
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function isLine(value: unknown): value is AuditLine {
  if (typeof value !== 'object' || value === null) return false
  const { sequence, previous, kind, server } = value as Record<string, unknown>
  const hasPlace = Number.isSafeInteger(sequence) && typeof previous === 'string'
  return hasPlace && typeof kind === 'string' && typeof server === 'object' && server !== null
}
