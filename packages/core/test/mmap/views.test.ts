import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import { constants, type Lease, Mmap, mmap } from '../../src/index.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

const folder = new TempFolder()
const PAGE = constants.PAGESIZE
const opened: Mmap[] = []
afterEach(() => {
  for (const map of opened.splice(0)) map.close({ force: true })
})

function open(path: string, access: 'read' | 'write' | 'copy' = 'write'): Mmap {
  const map = Mmap.open(path, { access })
  opened.push(map)
  return map
}

const exported = expect.objectContaining({ code: 'ERR_EXPORTED' })

describe('a lease', () => {
  test('is the bytes of the map themselves: both see what the other stores, and the file does', () => {
    const path = folder.file('0123456789')
    const map = open(path)
    const lease = map.view(2, 5)
    expect([latin1(lease.bytes), lease.start, lease.isReleased]).toEqual(['234', 2, false])
    lease.bytes[0] = 0x41
    map.set(3, 0x42)
    expect(latin1(lease.bytes)).toBe('AB4')
    expect(latin1(map.slice())).toBe('01AB456789')
    expect(readFileSync(path, 'latin1')).toBe('01AB456789')
    lease.release()
  })

  test.each([
    { bounds: [], text: '0123456789' },
    { bounds: [3], text: '3456789' },
    { bounds: [-3], text: '789' },
    { bounds: [-100, 2], text: '01' },
    { bounds: [8, 100], text: '89' },
    { bounds: [null, -8], text: '01' },
    { bounds: [5, 5], text: '' },
    { bounds: [7, 3], text: '' },
    { bounds: [10], text: '' },
  ])('has bounds as a slice has: $bounds', ({ bounds, text }) => {
    const map = open(folder.file('0123456789'))
    const lease = map.view(...bounds)
    expect(latin1(lease.bytes)).toBe(text)
    expect(lease.isReleased).toBe(false)
    lease.release()
    expect(lease.isReleased).toBe(true)
    map.close()
  })

  test('given back is empty, and so is what was made of it; twice is once', () => {
    const map = open(folder.file('0123456789'))
    const [first, second] = [map.view(), map.view(2, 8)]
    const part = Buffer.from(first.bytes.buffer).subarray(1, 3)
    first.release()
    first.release()
    expect([first.bytes.length, part.length, first.bytes[0], first.isReleased]).toEqual([0, 0, undefined, true])
    expect(latin1(second.bytes)).toBe('234567')
    expect(() => map.close()).toThrow(exported)
    second[Symbol.dispose]()
    expect(second.isReleased).toBe(true)
    map.close()
  })

  test('of 5 GiB onwards is the right bytes', () => {
    const path = folder.sparse(6 * GIB, [{ offset: 5 * GIB + 7, text: 'far out' }])
    const map = open(path)
    const lease = map.view(5 * GIB + 7, 5 * GIB + 14)
    expect(latin1(lease.bytes)).toBe('far out')
    lease.bytes[0] = 0x46
    expect(latin1(map.slice(5 * GIB + 7, 5 * GIB + 10))).toBe('Far')
    lease.release()
  })

  test('that the engine has no buffer for is ERR_RANGE, which names a part to view; where it has one, it has all bytes', () => {
    const map = open(folder.sparse(6 * GIB, [{ offset: 6 * GIB - 3, text: 'end' }]))
    let lease: Lease
    try {
      lease = map.view()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'ERR_RANGE',
        message: expect.stringMatching(/no buffer of 6442450944 .*view\(/),
      })
      expect(Number(process.versions.node.split('.')[0])).toBe(20)
      map.close()
      return
    }
    expect([lease.bytes.length, lease.bytes[6 * GIB - 1]]).toEqual([6 * GIB, 0x64])
  })

  test('of a read-only map takes stores, which reach neither the file nor the map nor another lease', () => {
    const path = folder.file('0123456789')
    const map = open(path, 'read')
    const [lease, other] = [map.view(), map.view()]
    lease.bytes.fill(0x58)
    expect(latin1(lease.bytes)).toBe('XXXXXXXXXX')
    expect(latin1(other.bytes)).toBe('0123456789')
    expect([map.at(0), map.at(9)]).toEqual([0x30, 0x39])
    for (let n = 0; n < 3; n++) expect(latin1(map.slice(0, 10))).toBe('0123456789')
    expect(map.find(Buffer.from('X'))).toBe(-1)
    expect(readFileSync(path, 'latin1')).toBe('0123456789')
    writeFileSync(path, 'abcdefghij')
    expect(latin1(map.slice(0, 10))).toBe('abcdefghij')
  })

  test('is as good as any bytes for storing, also over themselves', () => {
    for (const shift of [-3, 3]) {
      const map = open(folder.file(`${'-'.repeat(10)}0123456789${'-'.repeat(10)}`))
      for (let n = 0; n < 3; n++) map.set(0, map.at(0))
      const lease = map.view(10, 20)
      map.setSlice(10 + shift, 20 + shift, undefined, lease.bytes)
      expect(latin1(map.slice(10 + shift, 20 + shift))).toBe('0123456789')
      map.seek(20)
      map.write(lease.bytes)
      expect(latin1(map.slice(20, 30))).toBe(latin1(lease.bytes))
      lease.release()
    }
  })

  test('of a copy is the copy', () => {
    const path = folder.file('0123456789')
    const map = open(path, 'copy')
    const lease = map.view()
    lease.bytes[1] = 0x58
    map.set(2, 0x59)
    expect([latin1(map.slice(0, 4)), latin1(lease.bytes.subarray(0, 4))]).toEqual(['0XY3', '0XY3'])
    expect(readFileSync(path, 'latin1')).toBe('0123456789')
  })

  test('of memory without a file works, too', () => {
    const map = mmap(-1, 10)
    opened.push(map)
    const lease = map.view(3, 6)
    lease.bytes.set([1, 2, 3])
    expect([...map.slice(2, 7)]).toEqual([0, 1, 2, 3, 0])
  })

  test('is refused where there are no bytes to lend: pages without PROT_READ, a closed map, bounds of another kind', () => {
    const unreadable = mmap(-1, PAGE, { prot: 0 })
    expect(() => unreadable.view()).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    unreadable.close()
    expect(() => unreadable.view()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    const map = open(folder.file('0123456789'))
    expect(() => map.view('1' as unknown as number)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
  })

  test('of a read-only map that kept no file is refused, and says why', () => {
    const fd = openSync(folder.file('0123456789'), 'r')
    const map = mmap(fd, 0, { access: 'read', trackFd: false })
    closeSync(fd)
    opened.push(map)
    expect(() => map.view()).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', message: expect.stringContaining('trackFd: false') }),
    )
    expect(latin1(map.slice(0, 3))).toBe('012')
  })

  test('cannot be transferred away: what is sent is a copy or an error, and the lease goes on', async () => {
    const map = open(folder.file('0123456789'))
    const lease = map.view(0, 4)
    const { port1, port2 } = new MessageChannel()
    const attempts = [
      () => structuredClone(lease.bytes, { transfer: [lease.bytes.buffer as ArrayBuffer] }),
      () => port1.postMessage(lease.bytes, [lease.bytes.buffer as ArrayBuffer]),
    ]
    for (const attempt of attempts) {
      try {
        attempt()
      } catch (error) {
        expect(error).toMatchObject({ name: 'DataCloneError' })
      }
      expect(latin1(lease.bytes)).toBe('0123')
    }
    port1.close()
    port2.close()
  })
})

describe('while leases are out', () => {
  test('close, resize and remap refuse, and say how many and where they were taken', () => {
    const map = open(folder.file(Buffer.alloc(PAGE)))
    const leases = [map.view()]
    for (const attempt of [
      () => map.close(),
      () => map.resize(2 * PAGE),
      () => map.remap(),
      () => map[Symbol.dispose](),
    ])
      expect(attempt).toThrow(exported)
    expect(() => map.close()).toThrow(/1 view is out, taken\n {2}at .*views\.test\.ts:\d+:\d+\)?\nRelease/)
    for (let n = 0; n < 4; n++) leases.push(map.view(n, n + 1))
    expect(() => map.close()).toThrow(
      /5 views are out, taken(\n {2}at .*views\.test\.ts:\d+:\d+\)?){3}\n {2}and 2 more\nRelease/,
    )
    expect([map.closed, map.length, map.at(0)]).toEqual([false, PAGE, 0])
    for (const lease of leases) lease.release()
    map.resize(2 * PAGE)
    map.remap()
    map.close()
    map.close()
  })

  test('a lease that nobody can reach any more does not count', async () => {
    const map = open(folder.file('0123456789'))
    ;(() => {
      for (let n = 0; n < 10; n++) map.view(0, n + 1)
    })()
    const kept = map.view()
    await until(() => messageOf(() => map.close()).includes('1 view is out'))
    expect(latin1(kept.bytes)).toBe('0123456789')
    kept.release()
    map.close()
  })

  test('bytes that outlive their lease keep the map open, until they are gone as well', async () => {
    const map = open(folder.file('0123456789'))
    const bytes: Uint8Array[] = [(() => map.view().bytes)()]
    collect()
    await turn()
    collect()
    expect(() => map.close()).toThrow(exported)
    expect(latin1(bytes[0] as Uint8Array)).toBe('0123456789')
    bytes.pop()
    await until(() => messageOf(() => map.close()) === '')
    expect(map.closed).toBe(true)
  })

  test('close by force takes them back', () => {
    const map = open(folder.file('0123456789'))
    const leases = [map.view(), map.view(3), map.view(5, 5)]
    map.close({ force: true })
    for (const lease of leases) expect([lease.bytes.length, lease.isReleased]).toEqual([0, true])
    for (const lease of leases) lease.release()
    expect(map.closed).toBe(true)
    expect(() => map.at(0)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    map.close({ force: true })
  })

  test('so it does while a read is in flight, which ends with the right bytes', async () => {
    const byteLength = 40 * 1024 ** 2
    const map = open(folder.sparse(byteLength, [{ offset: byteLength - 3, text: 'end' }]))
    const lease = map.view()
    const reading = map.readAt(0, byteLength)
    map.close({ force: true })
    expect([lease.bytes.length, lease.isReleased]).toEqual([0, true])
    expect(latin1((await reading).subarray(-3))).toBe('end')
  })
})

function messageOf(attempt: () => void): string {
  try {
    attempt()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

async function until(isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 200; round++) {
    if (isSo()) return
    // Asking kept alive, until the end of that turn, what is asked about.
    await turn()
    collect()
    await turn()
  }
  throw new Error('it never came to be')
}
