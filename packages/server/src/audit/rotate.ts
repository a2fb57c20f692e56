import { closeSync, constants, fchmodSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { type AuditHead, formatLine, lineClock } from './line.ts'
import { exchangeTrailFiles, nextPathOf, putAwayPathOf, settleTrailFiles } from './trail_files.ts'

export interface BegunFile {
  readonly fd: number
  readonly head: AuditHead
  readonly byteLength: number
}

/**
 * Puts the trail's file away and begins another, whose first line goes on with the chain and names the file and the hash it goes on with. That line
 * is on the disk before the file has its name. All at once, without a promise: nobody can append in between.
 *
 * @throws Error when it cannot be; all is as it was then.
 */
export function beginNextFile(path: string, before: AuditHead, unsettledCount: number): BegunFile {
  settleTrailFiles(path)
  const putAwayPath = putAwayPathOf(path)
  const { sequence, hash } = before
  const server = { file: basename(putAwayPath), sequence, hash, unsettledCount }
  const { text, head } = formatLine({ kind: 'continued', who: 'server', server }, before, lineClock())
  const bytes = Buffer.from(text)
  const fd = openSync(
    nextPathOf(path),
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL,
    0o600,
  )
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    fsyncSync(fd)
    exchangeTrailFiles(path, putAwayPath)
  } catch (error) {
    closeSync(fd)
    settleTrailFiles(path)
    throw error
  }
  makeReadOnly(putAwayPath)
  return { fd, head, byteLength: bytes.length }
}

/** Nothing is appended to it any more; a reminder for people, for its owner can undo it. */
function makeReadOnly(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fchmodSync(fd, 0o400)
  } catch {
    // A file system without modes.
  } finally {
    closeSync(fd)
  }
}
