import { closeSync, fstatSync, read } from 'node:fs'
import { promisify } from 'node:util'
import { pieceHashes } from '../documents/edit_hashes.ts'
import { problemOf } from '../problem_of.ts'
import { type OpenedPlace, openPlace, type Place, resolvePlace } from '../roots/open.ts'
import type { Root } from '../roots/root.ts'
import { parseWirePath } from '../roots/wire_path.ts'
import { sha256 } from './line.ts'
import type { UnsettledEdit } from './unsettled.ts'

const readFrom = promisify(read)

/**
 * What is there of an edit that a crash cut. `stored`: all of it; `notStored`: what was there before; `partly`: pieces of both; `otherBytes`: neither (somebody else's
 * since, or a part of a single piece); `cut`: the file is too short to have it; `replaced`: the path names another file; `gone`: it names none.
 */
export type SettledOutcome = 'stored' | 'notStored' | 'partly' | 'otherBytes' | 'cut' | 'replaced' | 'gone'

export interface Settlement {
  readonly outcome: SettledOutcome
  /** Of the bytes that are in the range now. */
  readonly foundSha256?: string
  readonly foundByteLength?: number
}

/**
 * Looks what is there, and changes nothing: the file is opened for reading, beneath its root as ever. Undefined when that cannot be told from here: the file is
 * not among what is served now, or cannot be read. Then the edit stays unsettled, for a start that can.
 */
export async function settle(edit: UnsettledEdit, roots: readonly Root[]): Promise<Settlement | undefined> {
  const place = placeOf(edit, roots)
  if (place === undefined) return undefined
  const opened = open(place)
  if (opened === undefined || 'outcome' in opened) return opened
  const { fd, status } = opened
  if (fd < 0) return { outcome: 'replaced' }
  try {
    const isOther = status.kind !== 'file' || (edit.file !== undefined && edit.file.inode !== String(status.inode))
    if (isOther) return { outcome: 'replaced' }
    return await compare(edit, fd)
  } catch {
    return undefined
  } finally {
    closeSync(fd)
  }
}

/** A root of the same name may be another folder, of another start on the same trail. */
function placeOf({ path, file }: UnsettledEdit, roots: readonly Root[]): Place | undefined {
  try {
    const place = resolvePlace(roots, parseWirePath(path))
    return file === undefined || file.directoryPath === place.root.directoryPath ? place : undefined
  } catch {
    return undefined
  }
}

function open(place: Place): OpenedPlace | Settlement | undefined {
  try {
    return openPlace(place, false)
  } catch (error) {
    return problemOf(error).code === 'ERR_NOT_FOUND' ? { outcome: 'gone' } : undefined
  }
}

async function compare(edit: UnsettledEdit, fd: number): Promise<Settlement> {
  const { start, end } = edit.range
  const foundByteLength = fstatSync(fd).size
  const bytes = await readRange(fd, start, end)
  if (bytes.length < end - start) return { outcome: 'cut', foundByteLength }
  const foundSha256 = sha256(bytes)
  return { outcome: outcomeOf(edit, bytes, foundSha256), foundSha256 }
}

function outcomeOf(
  { sha256: meant, presentSha256, pieces = [] }: UnsettledEdit,
  bytes: Buffer,
  found: string,
): SettledOutcome {
  if (found === meant) return 'stored'
  if (found === presentSha256) return 'notStored'
  const there = pieceHashes(bytes)
  const storedCount = pieces.filter(([piece], at) => piece === there[at]).length
  const strangeCount = pieces.filter((pair, at) => !pair.includes(there[at] ?? '')).length
  // The store may have ended in the middle of one.
  return storedCount > 0 && strangeCount <= 1 ? 'partly' : 'otherBytes'
}

/** As much of it as there is. */
async function readRange(fd: number, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start)
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await readFrom(fd, bytes, length, bytes.length - length, start + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}
