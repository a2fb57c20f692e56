import { closeSync } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileEntry, FileList } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'
import { directoryPath } from './directory_path.ts'
import { describeEntry, describePlace, type NamedEntry } from './entry.ts'
import { FirstInOrder } from './first_in_order.ts'
import { KIND_WORDS } from './kinds.ts'
import { openPlace, type Place, resolvePlace } from './open.ts'
import type { Root } from './root.ts'
import { formatWirePath, type WirePath } from './wire_path.ts'

/** Entries in one answer. */
const MAX_ENTRY_COUNT = 5_000
/** Names looked at; a folder with more is listed from what the file system gives first. */
const MAX_NAME_COUNT = 100_000
/** Entries whose status is asked for at once: enough to hide a disk's latency, few enough to leave the pool to readers. */
const STATUS_BATCH = 32

const NATURAL_ORDER = new Intl.Collator('en', { numeric: true })

/** The roots themselves, as the folder with the empty path. */
export function listRoots(roots: readonly Root[]): FileList {
  const entries = roots.map((root): FileEntry => {
    const below = root.kind === 'file' ? root.fileName : ''
    return { name: root.name, path: root.name, ...describePlace({ root, below }) }
  })
  return { path: '', entries: sorted(entries), isTruncated: false }
}

/**
 * A folder below a root: directories first, then natural order (`part2` before `part10`).
 *
 * @throws ProblemError `ERR_NOT_A_DIRECTORY` for anything else, and whatever opening it answers.
 */
export async function listDirectory(roots: readonly Root[], path: WirePath): Promise<FileList> {
  const place = resolvePlace(roots, path)
  const opened = openPlace(place, false)
  try {
    const { kind } = opened.status
    if (kind !== 'directory') {
      throw new ProblemError(
        'ERR_NOT_A_DIRECTORY',
        `it is ${KIND_WORDS[kind]}, not a folder: open it with /api/v1/documents`,
      )
    }
    return await listOpened({ place, realPath: await directoryPath(place, opened), path: formatWirePath(path) })
  } finally {
    if (opened.fd >= 0) closeSync(opened.fd)
  }
}

interface OpenedFolder {
  readonly place: Place
  /** Lists the opened folder; see `directoryPath`. */
  readonly realPath: string
  readonly path: string
}

async function listOpened(folder: OpenedFolder): Promise<FileList> {
  const { names, isComplete } = await readNames(folder.realPath)
  const entries: FileEntry[] = []
  for (let i = 0; i < names.length; i += STATUS_BATCH) {
    const batch = names.slice(i, i + STATUS_BATCH)
    entries.push(...(await Promise.all(batch.map((named) => entryOf(named, folder)))))
  }
  return { path: folder.path, entries: sorted(entries), isTruncated: !isComplete }
}

async function entryOf(named: NamedEntry, folder: OpenedFolder): Promise<FileEntry> {
  const { root, below } = folder.place
  const site = {
    realPath: join(folder.realPath, named.name),
    place: { root, below: below === '' ? named.name : `${below}/${named.name}` },
  }
  return { name: named.name, path: `${folder.path}/${named.name}`, ...(await describeEntry(named, site)) }
}

function compareNamed(a: NamedEntry, b: NamedEntry): number {
  return Number(b.isDirectory) - Number(a.isDirectory) || NATURAL_ORDER.compare(a.name, b.name)
}

/** Those of an answer, in its order. */
async function readNames(path: string): Promise<{ names: readonly NamedEntry[]; isComplete: boolean }> {
  const first = new FirstInOrder(MAX_ENTRY_COUNT, compareNamed)
  let count = 0
  // As bytes: a name that is not UTF-8 must be recognised, not shown as another name. Node's types have no 'buffer' here.
  const directory = await opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })
  for await (const found of directory) {
    if (count++ === MAX_NAME_COUNT) return { names: first.take(), isComplete: false }
    const bytes = Buffer.from(found.name)
    const name = bytes.toString('utf8')
    const isUtf8 = Buffer.from(name, 'utf8').equals(bytes)
    first.add({ name, isUtf8, isDirectory: found.isDirectory(), isLink: found.isSymbolicLink() })
  }
  return { names: first.take(), isComplete: first.isComplete }
}

function sorted(entries: FileEntry[]): FileEntry[] {
  return entries.sort((a, b) => rank(a) - rank(b) || NATURAL_ORDER.compare(a.name, b.name))
}

function rank(entry: FileEntry): number {
  return entry.kind === 'directory' ? 0 : 1
}
