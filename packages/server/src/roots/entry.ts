import { closeSync, type Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { FileStatus } from '@mapscope/core'
import type { FileEntry } from '@mapscope/protocol'
import { problemOf } from '../problem_of.ts'
import { KIND_WORDS } from './kinds.ts'
import { openPlace, type Place } from './open.ts'

/** A name as the file system gave it. */
export interface NamedEntry {
  readonly name: string
  /** False when the bytes on disk are not UTF-8: such a name cannot be asked for over the wire. */
  readonly isUtf8: boolean
  readonly isDirectory: boolean
  readonly isLink: boolean
}

/** What an entry is found by: a real path for its status, and a place for what a link leads to. */
export interface EntrySite {
  readonly realPath: string
  readonly place: Place
}

type Described = Pick<FileEntry, 'kind' | 'byteLength' | 'modifiedMs' | 'refusal'>

/** Kind, size and time of one entry of a folder. Never throws: what cannot be looked at says why in `refusal`. */
export async function describeEntry(named: NamedEntry, site: EntrySite): Promise<Described> {
  if (!named.isUtf8) return { kind: 'other', refusal: 'its name is not UTF-8' }
  if (named.name.includes('\\')) return { kind: 'other', refusal: 'its name holds a backslash' }
  if (named.isLink) return describePlace(site.place)
  try {
    const stats = await lstat(site.realPath)
    // Only open does a device tell its size.
    return stats.isBlockDevice() ? describePlace(site.place) : describeStats(stats)
  } catch {
    return { kind: 'other', refusal: 'it is gone or cannot be looked at' }
  }
}

/** What a place holds, by opening it: for links only this tells whether they stay inside. */
export function describePlace(place: Place): Described {
  try {
    const { fd, status } = openPlace(place, false)
    if (fd >= 0) closeSync(fd)
    return describeStatus(status)
  } catch (error) {
    return { kind: 'other', refusal: problemOf(error).message }
  }
}

function describeStats(stats: Stats): Described {
  if (stats.isFile()) return { kind: 'file', byteLength: stats.size, modifiedMs: stats.mtimeMs }
  if (stats.isDirectory()) return { kind: 'directory', modifiedMs: stats.mtimeMs }
  return { kind: 'other', refusal: `it is ${KIND_WORDS[kindOf(stats)]}` }
}

function kindOf(stats: Stats): FileStatus['kind'] {
  if (stats.isFIFO()) return 'pipe'
  if (stats.isSocket()) return 'socket'
  if (stats.isBlockDevice()) return 'block-device'
  return stats.isCharacterDevice() ? 'character-device' : 'other'
}

function describeStatus(status: FileStatus): Described {
  const modifiedMs = Number(status.modifiedNs / 1_000_000n)
  if (status.kind === 'file' || status.kind === 'block-device')
    return { kind: 'file', byteLength: status.byteLength, modifiedMs }
  if (status.kind === 'directory') return { kind: 'directory', modifiedMs }
  return { kind: 'other', refusal: `it is ${KIND_WORDS[status.kind]}` }
}
