import type { FileEntry } from '@mapscope/protocol'
import { asSentence } from '../../client/client_error.ts'

/** One step of the way from the roots to a folder. */
export interface Crumb {
  readonly name: string
  readonly path: string
}

/** The way to `path`, the list of roots first. */
export function crumbsOf(path: string): Crumb[] {
  const names = path === '' ? [] : path.split('/')
  return [{ name: 'Roots', path: '' }, ...names.map((name, i) => ({ name, path: names.slice(0, i + 1).join('/') }))]
}

/** The folder above; the list of roots is above every root, and above itself. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf('/')
  return at < 0 ? '' : path.slice(0, at)
}

/** Entries whose names hold every word of the filter, in any case. */
export function filterEntries(entries: readonly FileEntry[], filter: string): readonly FileEntry[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return entries
  return entries.filter((entry) => {
    const name = entry.name.toLowerCase()
    return words.every((word) => name.includes(word))
  })
}

/** Why an entry cannot be opened, in words; `undefined` for one that can be tried. */
export function refusalOf(entry: FileEntry): string | undefined {
  const refusal = entry.refusal ?? (entry.kind === 'other' ? 'not a regular file' : undefined)
  return refusal === undefined ? undefined : asSentence(refusal)
}
