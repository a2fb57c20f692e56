import { execFileSync } from 'node:child_process'
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { constants, Mmap, type MmapOptions, mmap } from '../../src/index.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const { PAGESIZE: PAGE, MAP_PRIVATE, PROT_READ, PROT_WRITE, MS_ASYNC, MS_INVALIDATE, MS_SYNC } = constants
const folder = new TempFolder()
const refused = (call: () => unknown, code: string, errno?: string): void =>
  expect(call).toThrow(expect.objectContaining(errno === undefined ? { code } : { code, errno }))
const onFile = (path: string, options: MmapOptions = {}): Mmap => {
  const fd = openSync(path, 'r+')
  try {
    return mmap(fd, 0, options)
  } finally {
    closeSync(fd)
  }
}

describe('resize', () => {
  test('cuts and grows the file, to the offset and the new length, and new bytes are zeros', () => {
    const path = folder.file('x'.repeat(3 * PAGE))
    const map = onFile(path, { offset: PAGE })
    map.resize(10)
    expect([map.length, map.size(), statSync(path).size]).toEqual([10, PAGE + 10, PAGE + 10])
    map.resize(2 * PAGE)
    expect(latin1(map.slice(8, 12))).toBe('xx\0\0')
    map.set(-1, 0x41)
    expect([statSync(path).size, readFileSync(path, 'latin1').at(-1)]).toEqual([3 * PAGE, 'A'])
    map.close()
  })

  test('past 4 GiB', () => {
    const path = folder.file('start')
    const map = onFile(path)
    map.resize(5 * GIB)
    map.set(5 * GIB - 1, 0x5a)
    expect([map.size(), map.at(-1), latin1(map.slice(0, 5))]).toEqual([5 * GIB, 0x5a, 'start'])
    map.resize(5)
    expect(readFileSync(path, 'latin1')).toBe('start')
    map.close()
  })

  test('is refused in this order, and the file is as it was', () => {
    const path = folder.file('0123456789')
    for (const access of ['read', 'copy'] as const) {
      refused(() => onFile(path, { access }).resize(-1), 'ERR_READ_ONLY')
      refused(() => onFile(path, { access, trackFd: false }).resize(-1), 'ERR_ARGUMENT')
    }
    refused(() => onFile(path, { trackFd: false }).resize(20), 'ERR_ARGUMENT')
    refused(() => onFile(path).resize(-1), 'ERR_RANGE')
    refused(() => onFile(path).resize(2 ** 53), 'ERR_RANGE')
    refused(() => onFile(path).resize(0), 'ERR_OS', 'EINVAL')
    refused(() => onFile(path).resize(1.5), 'ERR_ARGUMENT')
    const closed = onFile(path)
    closed.close()
    refused(() => closed.resize(0), 'ERR_CLOSED')
    expect(readFileSync(path, 'latin1')).toBe('0123456789')
  })

  test('memory: shared only shrinks, private does both and keeps its bytes', () => {
    const shared = mmap(-1, 2 * PAGE)
    refused(() => shared.resize(3 * PAGE), 'ERR_RANGE')
    shared.resize(PAGE)
    expect(shared.length).toBe(PAGE)
    const own = mmap(-1, PAGE, { flags: MAP_PRIVATE })
    own.set(PAGE - 1, 7)
    own.resize(5 * PAGE)
    expect([own.at(PAGE - 1), own.at(-1), own.length]).toEqual([7, 0, 5 * PAGE])
    own.resize(1)
    expect([own.length, own.size()]).toEqual([1, 1])
  })

  test('a file mapped with MAP_PRIVATE is cut as in CPython', () => {
    const path = folder.file('0123456789')
    const map = onFile(path, { flags: MAP_PRIVATE })
    map.set(0, 0x41)
    map.resize(4)
    expect([statSync(path).size, map.length, readFileSync(path, 'latin1')]).toEqual([4, 4, '0123'])
  })
})

describe('flush', () => {
  test('an offset alone reaches to the end; flags as since 3.15', () => {
    const map = onFile(folder.file('x'.repeat(3 * PAGE)))
    map.flush(PAGE)
    map.flush(3 * PAGE)
    for (const flags of [MS_SYNC, MS_ASYNC, MS_SYNC | MS_INVALIDATE]) map.flush(0, PAGE, { flags })
    refused(() => map.flush(0, PAGE, { flags: MS_SYNC | MS_ASYNC }), 'ERR_OS', 'EINVAL')
    refused(() => map.flush(0, PAGE, { flags: 1 << 20 }), 'ERR_OS', 'EINVAL')
    refused(() => map.flush(0, 1, { flags: 'sync' as unknown as number }), 'ERR_ARGUMENT')
    refused(() => map.flush(3 * PAGE + 1), 'ERR_RANGE')
  })

  test('on another thread, refused alike', async () => {
    const path = folder.file('x'.repeat(2 * PAGE))
    const map = onFile(path)
    map.set(0, 0x41)
    await map.flushAsync()
    await map.flushAsync(PAGE, 10)
    await expect(map.flushAsync(1, 1)).rejects.toMatchObject({ code: 'ERR_OS', errno: 'EINVAL' })
    await expect(map.flushAsync(0, 2 * PAGE + 1)).rejects.toMatchObject({ code: 'ERR_RANGE' })
    const reason = new Error('enough')
    await expect(map.flushAsync(0, 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const flushing = map.flushAsync()
    map.close()
    await flushing
    await expect(map.flushAsync()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    for (const access of ['read', 'copy'] as const) await onFile(path, { access }).flushAsync(3, 1)
  })
})

describe('what became of the file', () => {
  const unchanged = { isGrown: false, isCut: false, isDeleted: false, isReplaced: false }

  test('grown: size and fileChange tell, remap follows', () => {
    const path = folder.file('one')
    const map = Mmap.open(path, { access: 'read' })
    expect(map.fileChange()).toEqual({ ...unchanged, byteLength: 3 })
    writeFileSync(path, 'two', { flag: 'a' })
    expect([map.length, map.size(), map.fileChange()]).toEqual([3, 6, { ...unchanged, byteLength: 6, isGrown: true }])
    refused(() => map.remap(7), 'ERR_RANGE')
    map.remap()
    expect([latin1(map.slice()), map.fileChange()]).toEqual(['onetwo', { ...unchanged, byteLength: 6 }])
    map.remap(4)
    expect(latin1(map.slice())).toBe('onet')
    map.close()
    refused(() => map.remap(), 'ERR_CLOSED')
    refused(() => map.fileChange(), 'ERR_CLOSED')
  })

  test('cut: what is gone is a fault, and remap leaves what is there', () => {
    const path = folder.file('x'.repeat(3 * PAGE))
    const map = Mmap.open(path, { access: 'read' })
    truncateSync(path, PAGE)
    expect(map.fileChange()).toEqual({ ...unchanged, byteLength: PAGE, isCut: true })
    expect(() => map.at(2 * PAGE)).toThrow(
      expect.objectContaining({ code: 'ERR_FAULT', offset: 2 * PAGE, fileByteLength: PAGE }),
    )
    map.remap()
    expect([map.length, map.at(-1), map.fileChange()]).toEqual([PAGE, 0x78, { ...unchanged, byteLength: PAGE }])
    truncateSync(path, 0)
    refused(() => map.remap(), 'ERR_RANGE')
    map.close()
  })

  test('deleted, renamed, replaced', () => {
    const path = folder.file('one')
    const map = Mmap.open(path, { access: 'read' })
    const elsewhere = folder.fresh('elsewhere')
    renameSync(path, elsewhere)
    expect(map.fileChange()).toEqual({ ...unchanged, byteLength: 3 })
    writeFileSync(path, 'another')
    expect(map.fileChange()).toEqual({ ...unchanged, byteLength: 3, isReplaced: true })
    unlinkSync(elsewhere)
    expect(map.fileChange()).toEqual({ ...unchanged, byteLength: 3, isReplaced: true, isDeleted: true })
    expect(latin1(map.slice())).toBe('one')
    unlinkSync(path)
    expect(map.fileChange()).toEqual({ ...unchanged, byteLength: 3, isDeleted: true })
    map.close()
  })

  test('without a path nothing is known of one; memory never changes; without a descriptor nothing is known', () => {
    const path = folder.file('one')
    expect(onFile(path).fileChange()).toEqual({ ...unchanged, byteLength: 3, isReplaced: undefined })
    expect(mmap(-1, 5).fileChange()).toEqual({ ...unchanged, byteLength: 5, isReplaced: undefined })
    const untracked = onFile(path, { trackFd: false })
    for (const call of [() => untracked.fileChange(), () => untracked.size(), () => untracked.remap()])
      refused(call, 'ERR_ARGUMENT')
    expect(latin1(untracked.slice())).toBe('one')
    refused(() => mmap(-1, 5).remap(), 'ERR_ARGUMENT')
    refused(() => mmap(-1, 5, { trackFd: false }).size(), 'ERR_ARGUMENT')
    expect(mmap(-1, 5).size()).toBe(5)
  })
})

describe('flags and prot', () => {
  const path = folder.file('0123456789')

  test('what they make of access', () => {
    const accessOf = (prot: number): string => onFile(path, { prot }).access
    expect([PROT_READ | PROT_WRITE, PROT_READ, PROT_WRITE, 0].map(accessOf)).toEqual([
      'default',
      'read',
      'write',
      'read',
    ])
    expect(onFile(path, { access: 'copy', flags: constants.MAP_SHARED, prot: PROT_READ | PROT_WRITE }).access).toBe(
      'copy',
    )
    refused(() => onFile(path, { access: 'copy', prot: PROT_READ }), 'ERR_ARGUMENT')
    refused(() => onFile(path, { access: 'write', flags: MAP_PRIVATE }), 'ERR_ARGUMENT')
  })

  test('stores of private pages stay here, and need no writable descriptor', () => {
    const map = Mmap.open(path, { flags: MAP_PRIVATE })
    map.set(0, 0x41)
    map.flush()
    expect([map.at(0), readFileSync(path, 'latin1')]).toEqual([0x41, '0123456789'])
    refused(() => onFile(path, { prot: PROT_READ }).set(0, 1), 'ERR_READ_ONLY')
  })

  test('pages that nobody may read are a fault, not a death', async () => {
    const map = onFile(path, { prot: 0 })
    const reads = [() => map.at(0), () => map.slice(), () => map.read(), () => map.readByte(), () => map.readLine()]
    const others = [() => [...map], () => map.find(Buffer.from('1')), () => map.copyInto(new Uint8Array(1))]
    for (const call of [...reads, ...others]) refused(call, 'ERR_FAULT')
    await expect(map.readAt(0, 1)).rejects.toMatchObject({ code: 'ERR_FAULT' })
    await expect(map.populate()).rejects.toMatchObject({ code: 'ERR_FAULT' })
    expect([map.length, map.size(), map.slice(3, 3).length, map.tell()]).toEqual([10, 10, 0, 0])
    refused(() => map.set(0, 1), 'ERR_READ_ONLY')
  })

  test('/dev/zero behind its start, where the kernel has no bytes for it, is a fault as well', () => {
    const fd = openSync('/dev/zero', 'r+')
    const [atStart, behind] = [mmap(fd, PAGE), mmap(fd, PAGE, { offset: PAGE })]
    closeSync(fd)
    atStart.set(0, 1)
    expect([atStart.at(0), atStart.size()]).toEqual([1, 0])
    for (const call of [() => behind.at(0), () => behind.set(0, 1), () => behind.slice()]) refused(call, 'ERR_FAULT')
  })

  test('what would harm is refused', () => {
    refused(() => mmap(-1, PAGE, { flags: constants.MAP_SHARED | 0x10 }), 'ERR_ARGUMENT')
    refused(() => mmap(-1, PAGE, { tagName: 'shared' }), 'ERR_ARGUMENT')
    refused(() => mmap(-1, PAGE, { trackFd: 1 as unknown as boolean }), 'ERR_ARGUMENT')
    expect(mmap(-1, PAGE, { tagName: null }).length).toBe(PAGE)
  })
})

test('programs that are started do not inherit the map’s descriptor', () => {
  const path = folder.file('0123456789')
  const map = Mmap.open(path)
  const own = readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`) === path)
  expect(own).toHaveLength(1)
  expect(execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'latin1' })).not.toContain(path)
  map.close()
})

/** Where a descriptor leads; nowhere when it is closed meanwhile, as that of the listing itself. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

test('it says what it is, and never throws', () => {
  const map = onFile(folder.file('x'.repeat(2 * PAGE)), { access: 'read', offset: PAGE })
  map.seek(5)
  const text = `<Mmap closed=false, access=read, length=${PAGE}, pos=5, offset=${PAGE}>`
  expect([String(map), inspect(map), inspect([map])]).toEqual([text, text, expect.stringContaining(text)])
  map.close()
  expect([String(map), inspect(map)]).toEqual(['<Mmap closed=true>', '<Mmap closed=true>'])
})

test('no copy of it is an alias', () => {
  const map = onFile(folder.file('0123456789'))
  let clone: unknown = {}
  try {
    clone = structuredClone(map)
  } catch (error) {
    expect(error).toMatchObject({ name: 'DataCloneError' })
  }
  expect([clone, JSON.stringify(map), { ...map }]).toEqual([{}, '{}', {}])
  const forged = Object.create(Mmap.prototype) as Mmap
  expect(() => forged.at(0)).toThrow(TypeError)
})
