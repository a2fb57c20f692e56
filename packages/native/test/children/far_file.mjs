// The sparse file of past_4_gib.mjs: marks where 31 and 32 bits would go wrong, and how its operations look at them.
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { binding } from '../../dist/index.js'

export const [path, most] = process.argv.slice(2)
export const GiB = 1024 ** 3
export const PAGE = binding.pageSize
export const byteLength = 5 * GiB + 3 * PAGE + 100
export const MARKS = [0, 2 ** 31 - 1, 2 ** 32, 5 * GiB + 10, byteLength - 8]
export const far = MARKS.slice(2)
export const marked = (offset) => Buffer.from(`<${String(MARKS.indexOf(offset)).repeat(6)}>`)
export const pageOf = (offset) => Math.floor(offset / PAGE) * PAGE

export function layOut() {
  const file = openSync(path, 'w')
  for (const offset of MARKS) writeSync(file, marked(offset), 0, 8, offset)
  ftruncateSync(file, byteLength)
  closeSync(file)
}

export function map(access, options = {}) {
  const file = openSync(path, access === 'write' ? 'r+' : 'r')
  const mapping = new binding.Mapping(file, { offset: 0, byteLength, access, ...options })
  closeSync(file)
  return mapping
}

/** Through read(2). */
function onDisk(offset, length = 8) {
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(length)
  const read = readSync(file, bytes, 0, length, offset)
  closeSync(file)
  return bytes.subarray(0, read)
}

export function copied(mapping, offset, length = 8) {
  const target = Buffer.alloc(length)
  mapping.copyOut(offset, target)
  return target
}

/** False says which check of an operation it was. */
export function check(what, isRight) {
  if (!isRight) throw new Error(what)
}

export const isMarked = (bytes, offset) => marked(offset).equals(Buffer.from(bytes))

/** Where 32 or 31 bits would have put a store at a far offset. */
function isUntouchedBelow(offset) {
  return [offset % 2 ** 32, offset % 2 ** 31].every((low) =>
    MARKS.includes(low) ? isMarked(onDisk(low), low) : !onDisk(low).includes('STORED'),
  )
}

export async function codeOf(call) {
  try {
    await call()
    return 'none'
  } catch (error) {
    return error.code ?? error.name
  }
}

export async function storeFar(store) {
  for (const offset of far) {
    const mapping = map('write')
    await store(mapping, offset)
    check(`stored ${offset}`, onDisk(offset).toString() === 'STORED!!')
    check(`nowhere else ${offset}`, isUntouchedBelow(offset))
    mapping.copyIn(offset, marked(offset))
    mapping.close()
  }
}

/** Of a private mapping, MADV_DONTNEED takes back what was stored: there, and nowhere else. */
export async function storePrivately(takeBack) {
  for (const offset of far) {
    const mapping = map('copy')
    mapping.copyIn(offset, Buffer.from('STORED!!'))
    mapping.copyIn(PAGE, Buffer.from('STORED!!'))
    await takeBack(mapping, offset)
    check(`back ${offset}`, isMarked(copied(mapping, offset), offset))
    check(`there ${offset}`, copied(mapping, PAGE).toString() === 'STORED!!')
  }
}
