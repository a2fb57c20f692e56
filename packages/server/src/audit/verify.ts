import { basename } from 'node:path'
import { type AuditHead, type AuditLine, FIRST_PREVIOUS, parseLineBytes, sha256 } from './line.ts'
import { type RawLine, readLines } from './read_lines.ts'
import { trailFiles } from './trail_files.ts'
import { Intents, type SettledEdit, type UnsettledEdit } from './unsettled.ts'

/** Something about a trail that its writer did not do. */
export interface AuditFinding {
  /** Its name, without the folder: a trail may be several files. */
  readonly file: string
  /** From 1; of the file, not the sequence. */
  readonly line: number
  readonly problem: 'changed' | 'removed' | 'inserted' | 'rewritten' | 'torn' | 'anchor'
  readonly message: string
}

export interface AuditVerdict {
  readonly fileCount: number
  /** Of all files. */
  readonly lineCount: number
  /** Lines that a crash cut, and that the server has told of since. */
  readonly tornCount: number
  readonly findings: readonly AuditFinding[]
  readonly head: AuditHead
  /** Edits that were begun and of which no end is told: no fault of the trail, but of use to whoever reads it. */
  readonly unsettled: readonly UnsettledEdit[]
  /** Edits that a crash cut, and what the server found of them at its next start. */
  readonly settled: readonly SettledEdit[]
}

/** More say nothing more. */
const MAX_FINDING_COUNT = 100
const MAX_ATTEMPT_COUNT = 5

/**
 * Reads a trail from its beginning and checks that each line is what was written and follows the one before. `anchor` is a head
 * noted earlier (printed, mailed, in a proof): without one a cut end and a chain wholly rewritten cannot be told from the truth.
 */
export async function verifyTrail(path: string, anchor?: string): Promise<AuditVerdict> {
  for (let attempt = 1; ; attempt++) {
    const files = trailFiles(path)
    const verdict = await verifyFiles(path, files, anchor)
    // A server that goes on in another file meanwhile would look like somebody who removed one.
    const isSteady = JSON.stringify(trailFiles(path)) === JSON.stringify(files)
    if (isSteady || attempt === MAX_ATTEMPT_COUNT) return verdict
  }
}

async function verifyFiles(path: string, files: readonly string[], anchor: string | undefined): Promise<AuditVerdict> {
  const verifier = new Verifier(anchor)
  // A path that was never there is the reader's error.
  const isLastMissing = files.length > 0 && files.at(-1) !== path
  for (const file of files.length === 0 ? [path] : files) {
    verifier.begin(basename(file))
    for await (const line of readLines(file)) verifier.take(line)
  }
  if (isLastMissing) verifier.missLast(basename(path))
  return verifier.finish(files.length)
}

/** The chain so far. One line that is not intact breaks it; it is taken up again behind. */
class Verifier {
  readonly #anchor: string | undefined
  readonly #findings: AuditFinding[] = []
  #file = ''
  /** In this file; and before it. */
  #line = 0
  #lineCount = 0
  #tornCount = 0
  #head: AuditHead = { sequence: 0, hash: FIRST_PREVIOUS }
  #isAnchored: boolean
  readonly #intents: Intents = new Intents()
  /** A line that is not intact, until the next one shows whether a crash tore it. */
  #broken: RawLine | undefined
  /** Lines since the last intact one. */
  #brokenCount = 0

  constructor(anchor: string | undefined) {
    this.#anchor = anchor
    this.#isAnchored = anchor === undefined
  }

  begin(file: string): void {
    this.#tellChanged()
    this.#file = file
    this.#line = 0
  }

  missLast(file: string): void {
    this.#tellChanged()
    this.#find('removed', `${file}, which lines after this one went to, is missing`)
  }

  take(raw: RawLine): void {
    this.#lineCount++
    this.#line++
    const line = parseLineBytes(raw.bytes)
    if (line === undefined) {
      this.#tellChanged()
      this.#broken = raw
      this.#brokenCount++
      return
    }
    this.#follow(line)
    this.#intents.take(line, { file: this.#file, line: this.#line })
    this.#head = { sequence: line.sequence, hash: line.hash }
    this.#brokenCount = 0
    if (line.hash === this.#anchor) this.#isAnchored = true
  }

  finish(fileCount: number): AuditVerdict {
    const last = this.#broken
    if (last?.isEnded === false) {
      const message = `the last line is cut (${last.bytes.length} bytes): the server was killed while it wrote, or somebody cut the file`
      this.#find('torn', message)
    } else if (last !== undefined) {
      this.#find('changed', 'the line is not what was written')
    }
    if (!this.#isAnchored)
      this.#find('anchor', `no line has the hash ${this.#anchor}: the end was cut off, or all of it was written anew`)
    const [lineCount, tornCount, findings, head] = [this.#lineCount, this.#tornCount, this.#findings, this.#head]
    const { unsettled, settled } = this.#intents
    return { fileCount, lineCount, tornCount, findings, head, unsettled, settled }
  }

  #follow(line: AuditLine): void {
    if (this.#broken !== undefined && isToldTorn(this.#broken, line)) {
      this.#tornCount++
      this.#broken = undefined
      this.#brokenCount--
    }
    this.#tellChanged()
    const isBehindBroken = this.#brokenCount > 0
    const expected = this.#head.sequence + 1 + this.#brokenCount
    if (line.sequence > expected) this.#find('removed', missingBefore(line, line.sequence - expected))
    else if (line.sequence < expected) this.#find('inserted', `its number is ${line.sequence}, not ${expected}`)
    else if (!isBehindBroken && line.previous !== this.#head.hash)
      this.#find('rewritten', 'it does not follow the line before it: one of the two was written anew')
  }

  #tellChanged(): void {
    if (this.#broken === undefined) return
    this.#broken = undefined
    this.#find('changed', 'the line is not what was written', 1)
  }

  #find(problem: AuditFinding['problem'], message: string, back = 0): void {
    if (this.#findings.length < MAX_FINDING_COUNT)
      this.#findings.push({ file: this.#file, line: this.#line - back, problem, message })
  }
}

/** What goes on with another file says which: then it is that one, or what is in between, that is gone. */
function missingBefore({ kind, server }: AuditLine, count: number): string {
  const file = kind === 'continued' ? `: ${String(server['file'])}, which this file goes on with, or the end of it` : ''
  return `${count} line(s) before this one are missing${file}`
}

function isToldTorn(broken: RawLine, { kind, server }: AuditLine): boolean {
  return kind === 'torn' && server['byteLength'] === broken.bytes.length && server['sha256'] === sha256(broken.bytes)
}
