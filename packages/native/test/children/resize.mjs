// Makes mappings longer and shorter while strings and arrays still point to the pages that they had, and prints what each shows.
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { binding } from '../../dist/index.js'

const [path] = process.argv.slice(2)
const page = binding.pageSize
const { MAP_PRIVATE, MAP_SHARED, MADV_RANDOM } = binding.constants

const KINDS = {
  sharedFile: { access: 'write', offset: 0 },
  sharedFileFurther: { access: 'write', offset: 2 * page },
  privateFile: { access: 'copy', offset: page },
  privateMemory: { access: 'copy', offset: 0, flags: MAP_PRIVATE },
  // Advice for a part makes several mappings of it in the kernel, which cannot be moved as one.
  splitFile: { access: 'copy', offset: 0, isSplit: true },
  splitMemory: { access: 'copy', offset: 0, flags: MAP_PRIVATE, isSplit: true },
  sharedMemory: { access: 'write', offset: 0, flags: MAP_SHARED },
}

function made({ access, offset, flags }) {
  const byteLength = 4 * page
  if (flags !== undefined) return new binding.Mapping(-1, { access, offset, flags, byteLength })
  writeFileSync(path, Buffer.alloc(offset + byteLength))
  const file = openSync(path, 'r+')
  const mapping = new binding.Mapping(file, { access, offset, byteLength })
  closeSync(file)
  return mapping
}

function content(mapping, offset, length) {
  const target = new Uint8Array(length)
  mapping.copyOut(offset, target)
  return Buffer.from(target).toString('latin1')
}

function errorOf(run) {
  try {
    run()
  } catch ({ code, exports, jobs, otherThreads, isInView, offset }) {
    return { code, exports, jobs, otherThreads, isInView, offset }
  }
}

/** What an array shows whose export was transferred before it was released; where Node has no transfer, the released one. */
function transferred(mapping) {
  const lease = mapping.exportRange(0, 4 * page)
  const kept = lease.transfer?.() ?? lease
  mapping.releaseExport(lease)
  return () => (kept.byteLength === 0 ? [0, 0] : [...new Uint8Array(kept).subarray(2 * page, 2 * page + 2)])
}

function withDeadPins(kind) {
  const { offset, flags, isSplit } = KINDS[kind]
  const mapping = made(KINDS[kind])
  if (isSplit) mapping.advise(MADV_RANDOM, page, page)
  mapping.copyIn(2 * page, Buffer.from('kept'))
  mapping.copyIn(100, Buffer.from('first'))
  const string = mapping.latin1(100, 5)
  const before = string?.charCodeAt(0)
  const array = transferred(mapping)
  const window = mapping.window(0, page)
  const lengths = [2 * page + 4, ...(kind === 'sharedMemory' ? [] : [50 * page])]
  const steps = []
  for (const length of lengths) {
    mapping.resize(length)
    const size = flags === undefined ? statSync(path).size - offset : mapping.byteLength
    steps.push([size === length, content(mapping, 2 * page, 4), content(mapping, 100, 5)])
  }
  mapping.setByte(101, 73)
  const later = mapping.window(100, 2)
  const seen = later === undefined ? 'fI' : Buffer.from(later).toString()
  const pins = [window?.byteLength ?? 0, string?.charCodeAt(0) ?? 0, array()]
  if (flags === undefined) truncateSync(path, 0)
  const afterCut = [string?.charCodeAt(4) ?? 0, array()]
  mapping.close()
  return { before, steps, seen, pins, afterCut }
}

function refusals() {
  const mapping = made(KINDS.sharedFile)
  const lease = mapping.exportRange(0, 10)
  const exported = errorOf(() => mapping.resize(page))
  mapping.releaseExport(lease)
  const other = binding.openShared(mapping.share())
  const shared = errorOf(() => mapping.remap(page))
  other.close()
  const untouched = [mapping.byteLength, statSync(path).size]
  mapping.resize(page)
  mapping.close()
  return { exported, shared, untouched, after: statSync(path).size }
}

/** A fault in a window is told first, and does not keep the mapping from being resized after that. */
function afterFault() {
  const mapping = made(KINDS.sharedFile)
  const window = mapping.window(0, 4 * page)
  if (window === undefined) return
  truncateSync(path, page)
  const zero = window[3 * page]
  const told = errorOf(() => mapping.resize(8 * page))
  mapping.resize(8 * page)
  mapping.setByte(7 * page, 88)
  const size = readFileSync(path).lastIndexOf('X')
  mapping.close()
  return { zero, told, size }
}

console.log(
  JSON.stringify({
    ...Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, withDeadPins(kind)])),
    refusals: refusals(),
    afterFault: afterFault(),
  }),
)
