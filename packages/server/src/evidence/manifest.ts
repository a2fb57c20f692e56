import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** SHA-256 of every so many bytes. */
export const EVIDENCE_CHUNK_BYTE_LENGTH: number = 16 * 1024 ** 2

/** Which state of which file the hashes are of. */
export interface ManifestSubject {
  /** The wire's path, or the file's name. */
  readonly path: string
  /** Of the file's state: inode, size and both clocks. */
  readonly etag: string
  readonly byteLength: number
}

interface ManifestHeader extends ManifestSubject {
  readonly format: 'mapscope chunk hashes 1'
  readonly algorithm: 'sha256'
  readonly chunkByteLength: number
}

/** How many chunks a file has. */
export function chunkCountOf(byteLength: number): number {
  return Math.ceil(byteLength / EVIDENCE_CHUNK_BYTE_LENGTH)
}

/** Where the hashes of one state lie: beside the audit trail, named by the state, so that another state is another file. */
export function manifestPath(auditFile: string, etag: string): string {
  return join(`${auditFile}.hashes`, `${etag.replace(/[^\w-]/g, '')}.txt`)
}

/**
 * The chunk hashes of one state in a text file: a line of JSON that says of what, then one hash a line. Only grows, so what a
 * crash left of it is gone on with; a line that it cut is dropped.
 */
export class Manifest {
  readonly path: string
  readonly subject: ManifestSubject
  readonly #digests: Buffer[]

  private constructor(path: string, subject: ManifestSubject, digests: Buffer[]) {
    this.path = path
    this.subject = subject
    this.#digests = digests
  }

  /** Takes up what there is for this very state, or begins anew. */
  static open(path: string, subject: ManifestSubject): Manifest {
    const kept = readManifest(path, subject)
    if (kept !== undefined) {
      truncateSync(path, kept.intactByteLength)
      return new Manifest(path, subject, kept.digests)
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const header: ManifestHeader = {
      format: 'mapscope chunk hashes 1',
      algorithm: 'sha256',
      chunkByteLength: EVIDENCE_CHUNK_BYTE_LENGTH,
      ...subject,
    }
    append(path, `${JSON.stringify(header)}\n`, 'w')
    return new Manifest(path, subject, [])
  }

  get digests(): readonly Buffer[] {
    return this.#digests
  }

  get isComplete(): boolean {
    return this.#digests.length === chunkCountOf(this.subject.byteLength)
  }

  /** On the disk when it returns. */
  append(digests: readonly string[]): void {
    append(this.path, digests.map((digest) => `${digest}\n`).join(''), 'a')
    for (const digest of digests) this.#digests.push(Buffer.from(digest, 'hex'))
  }
}

function append(path: string, text: string, flag: 'a' | 'w'): void {
  const fd = openSync(path, flag, 0o600)
  try {
    writeSync(fd, text)
    if (flag === 'a') fdatasyncSync(fd)
    else fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function readManifest(
  path: string,
  subject: ManifestSubject,
): { digests: Buffer[]; intactByteLength: number } | undefined {
  let text: string
  try {
    text = readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
  const [header = '', ...lines] = text.split('\n').slice(0, -1)
  if (!isHeaderOf(Buffer.from(header, 'latin1').toString(), subject)) return undefined
  const bad = lines.findIndex((line) => !/^[0-9a-f]{64}$/.test(line))
  const intact = bad < 0 ? lines : lines.slice(0, bad)
  const intactByteLength = header.length + 1 + intact.length * 65
  return { digests: intact.map((line) => Buffer.from(line, 'hex')), intactByteLength }
}

function isHeaderOf(text: string, { etag, byteLength }: ManifestSubject): boolean {
  try {
    const header = JSON.parse(text) as Partial<ManifestHeader>
    const isSame = header.etag === etag && header.byteLength === byteLength
    return isSame && header.chunkByteLength === EVIDENCE_CHUNK_BYTE_LENGTH && header.algorithm === 'sha256'
  } catch {
    return false
  }
}
