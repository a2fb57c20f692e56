import { closeSync, fsyncSync, linkSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Enough for a file of 256 MiB each second for eleven days; more digits sort as well. */
const DIGIT_COUNT = 6

/**
 * The files of a trail: `trail.jsonl` is written to; what it was before it grew too long is `trail.jsonl.000001` and so on, oldest first.
 * The one that is about to be begun is `trail.jsonl.next`.
 */
export function putAwayFiles(path: string): string[] {
  const prefix = `${basename(path)}.`
  const names = readdirSync(dirname(path)).filter(
    (name) => name.startsWith(prefix) && isNumber(name.slice(prefix.length)),
  )
  const byNumber = (a: string, b: string): number => numberOf(a) - numberOf(b)
  return names.sort(byNumber).map((name) => join(dirname(path), name))
}

/** All files of a trail, oldest first; the one being written to last, if it is there. */
export function trailFiles(path: string): string[] {
  if (!exists(path)) return putAwayFiles(path)
  return [...putAwayFiles(path).filter((file) => !isSameFile(file, path)), path]
}

export function nextPathOf(path: string): string {
  return `${path}.next`
}

/** The name that the file being written to gets when it is put away. */
export function putAwayPathOf(path: string): string {
  const last = putAwayFiles(path).at(-1)
  return `${path}.${String((last === undefined ? 0 : numberOf(last)) + 1).padStart(DIGIT_COUNT, '0')}`
}

/**
 * Puts `path` away and `next` in its place. By a link and a rename over it: at no moment is there no file of that name, and whatever a crash
 * leaves is seen by `settleTrailFiles`.
 */
export function exchangeTrailFiles(path: string, putAwayPath: string): void {
  linkSync(path, putAwayPath)
  syncFolder(path)
  renameSync(nextPathOf(path), path)
  syncFolder(path)
}

/** Undoes an exchange that a crash, or a full disk, cut: nothing but its first line can be in the file that was to be begun. */
export function settleTrailFiles(path: string): void {
  rmSync(nextPathOf(path), { force: true })
  const last = putAwayFiles(path).at(-1)
  if (last !== undefined && exists(path) && isSameFile(last, path)) rmSync(last)
}

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Numbers of inodes have 64 bits: rounded, two files could pass for one, and one be removed. */
function isSameFile(a: string, b: string): boolean {
  const [first, second] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })]
  return first.dev === second.dev && first.ino === second.ino
}

/** A name is on the disk when its folder is; where folders cannot be opened (Windows) the system sees to it. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(dirname(path), 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function isNumber(text: string): boolean {
  return new RegExp(`^\\d{${DIGIT_COUNT},}$`).test(text)
}

function numberOf(path: string): number {
  return Number(path.slice(path.lastIndexOf('.') + 1))
}
