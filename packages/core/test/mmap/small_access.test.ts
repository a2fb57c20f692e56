import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { constants, Mmap, mmap } from '../../src/index.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const PAGE = constants.PAGESIZE
const maps: Mmap[] = []
afterAll(() => {
  for (const map of maps) map.close({ force: true })
})

function kept(map: Mmap): Mmap {
  maps.push(map)
  return map
}

/** What a call gives, or the code of its error. */
function outcome(call: () => unknown): unknown {
  try {
    const value = call()
    return value instanceof Uint8Array ? latin1(value) : value
  } catch (error) {
    return (error as { code?: string }).code
  }
}

/** The model of a map: an array, and Python's rules in their plainest form. */
class Model {
  readonly bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  at(index: number): unknown {
    if (!Number.isInteger(index)) return 'ERR_ARGUMENT'
    return this.bytes.at(index) ?? 'ERR_RANGE'
  }

  set(index: number, byte: number): unknown {
    if (!Number.isInteger(index)) return 'ERR_ARGUMENT'
    if (this.bytes.at(index) === undefined) return 'ERR_RANGE'
    if (!Number.isInteger(byte) || byte < 0 || byte > 255) return 'ERR_ARGUMENT'
    this.bytes[index < 0 ? index + this.bytes.length : index] = byte
    return undefined
  }

  slice(start: number, end: number): unknown {
    return Number.isInteger(start) && Number.isInteger(end) ? latin1(this.bytes.slice(start, end)) : 'ERR_ARGUMENT'
  }

  read(count: number): unknown {
    const bytes = this.bytes.slice(this.position, this.position + count)
    this.position += bytes.length
    return latin1(bytes)
  }

  readByte(): unknown {
    return this.position < this.bytes.length ? this.bytes[this.position++] : 'ERR_RANGE'
  }

  readLine(): unknown {
    const lineFeed = this.bytes.indexOf(0x0a, this.position)
    return this.read(lineFeed < 0 ? this.bytes.length : lineFeed + 1 - this.position)
  }

  write(bytes: Uint8Array): unknown {
    if (bytes.length > this.bytes.length - this.position) return 'ERR_RANGE'
    this.bytes.set(bytes, this.position)
    this.position += bytes.length
    return bytes.length
  }

  writeByte(byte: number): unknown {
    if (this.position >= this.bytes.length) return 'ERR_RANGE'
    this.bytes[this.position++] = byte
    return undefined
  }
}

/** One random call, on both: what each of them says. */
function step(random: Random, map: Mmap, model: Model): readonly [string, unknown, unknown] {
  const { length } = model.bytes
  const place = (): number =>
    random.pick([random.between(0, length - 1), random.between(-length - 2, length + 2), random.between(-2, 2), 1.5])
  const byte = random.pick([random.between(0, 255), random.between(0, 255), 10, 0, 256, -1, 0.5])
  const start = place()
  const end = random.pick([start + random.between(0, 20), start + random.between(0, 6000), place()])
  switch (random.between(0, 8)) {
    case 0:
      return [`at(${start})`, outcome(() => map.at(start)), model.at(start)]
    case 1:
      return [`set(${start}, ${byte})`, outcome(() => map.set(start, byte)), model.set(start, byte)]
    case 2:
    case 3:
      return [`slice(${start}, ${end})`, outcome(() => map.slice(start, end)), model.slice(start, end)]
    case 4: {
      const count = random.between(0, 5000)
      return [`read(${count})`, outcome(() => map.read(count)), model.read(count)]
    }
    case 5:
      return ['readByte()', outcome(() => map.readByte()), model.readByte()]
    case 6:
      return ['readLine()', outcome(() => map.readLine()), model.readLine()]
    case 7: {
      const bytes = random.bytes(random.pick([1, 3, 16, 5000]), random.pick([1, 256]))
      return [`write(${bytes.length})`, outcome(() => map.write(bytes)), model.write(bytes)]
    }
    default: {
      const valid = random.between(0, 255)
      return [`writeByte(${valid})`, outcome(() => map.writeByte(valid)), model.writeByte(valid)]
    }
  }
}

describe.each(['file', 'copy', 'shared memory', 'private memory'])('small access to a map of a %s', (kind) => {
  test(`is what an array would do, in 20,000 steps, seed ${SEED}`, { timeout: 60_000 }, () => {
    const random = new Random(SEED)
    const bytes = random.bytes(4 * PAGE + 123, 256)
    const path = folder.file(bytes)
    const map = kept(mapOf(kind, path, bytes))
    const model = new Model(Uint8Array.from(bytes))
    for (let round = 0; round < 20_000; round++) {
      if (random.chance(0.05)) {
        model.position = random.between(0, bytes.length)
        map.seek(model.position)
      }
      const [call, ours, expected] = step(random, map, model)
      expect(ours, `step ${round}: ${call}`).toEqual(expected)
      expect(map.tell(), `position after step ${round}: ${call}`).toBe(model.position)
    }
    expect(latin1(map.slice())).toBe(latin1(model.bytes))
    expect([...map]).toEqual([...model.bytes])
    if (kind === 'file') expect(readFileSync(path).equals(model.bytes)).toBe(true)
    if (kind === 'copy') expect(readFileSync(path).equals(bytes)).toBe(true)
  })
})

function mapOf(kind: string, path: string, bytes: Uint8Array): Mmap {
  if (kind === 'file' || kind === 'copy') return Mmap.open(path, { access: kind === 'file' ? 'write' : 'copy' })
  const flags = kind === 'private memory' ? { flags: constants.MAP_PRIVATE as number } : {}
  const map = mmap(-1, bytes.length, flags)
  map.write(bytes)
  map.seek(0)
  return map
}

test(`in 70 GiB, across and beside the borders of GiBs, seed ${SEED}`, { timeout: 60_000 }, () => {
  const random = new Random(SEED)
  const map = kept(Mmap.open(folder.sparse(70 * GIB)))
  const stored = new Map<number, number>()
  const near = (): number => random.between(0, 70) * GIB + random.between(-20, 20)
  for (let round = 0; round < 5000; round++) {
    const place = Math.min(Math.max(near(), 0), 70 * GIB - 1)
    const byte = random.between(0, 255)
    map.set(random.chance(0.5) ? place : place - 70 * GIB, byte)
    stored.set(place, byte)
    const start = random.pick([...stored.keys()].slice(-50)) - random.between(0, 10)
    const expected = Array.from({ length: 20 }, (_, at) => stored.get(start + at) ?? 0).slice(0, 70 * GIB - start)
    if (start >= 0) expect([...map.slice(start, start + 20)], `round ${round}, ${start}`).toEqual(expected)
    const asked = random.pick([place, place - 70 * GIB])
    expect(map.at(asked)).toBe(byte)
    map.seek(place)
    expect(map.readByte()).toBe(byte)
  }
})

describe('small access', () => {
  test('sees at once what others store to the file', () => {
    const path = folder.file('0123456789')
    const map = kept(Mmap.open(path, { access: 'read' }))
    const values = map[Symbol.iterator]()
    for (let n = 0; n < 5; n++) {
      writeFileSync(path, String(n).repeat(10))
      expect([map.at(3), latin1(map.slice(2, 5)), values.next().value]).toEqual([
        0x30 + n,
        String(n).repeat(3),
        0x30 + n,
      ])
    }
  })

  test('refuses after close, and what is not for this map, however often it was allowed before', () => {
    const path = folder.file('0123456789')
    const map = Mmap.open(path, { access: 'read' })
    for (let n = 0; n < 5; n++) {
      expect([map.at(1), latin1(map.slice(1, 3))]).toEqual([0x31, '12'])
      expect(outcome(() => map.set(1, 1))).toBe('ERR_READ_ONLY')
      expect(outcome(() => map.at('1' as unknown as number))).toBe('ERR_ARGUMENT')
      expect(outcome(() => map.slice('1' as unknown as number, 3))).toBe('ERR_ARGUMENT')
      expect(outcome(() => map.slice(1.5, 3.5))).toBe('ERR_ARGUMENT')
      expect(outcome(() => map.at(Number.NaN))).toBe('ERR_ARGUMENT')
    }
    map.close()
    expect(outcome(() => map.at(1))).toBe('ERR_CLOSED')
    expect(outcome(() => map.slice(1, 3))).toBe('ERR_CLOSED')
    expect(readFileSync(path, 'latin1')).toBe('0123456789')
  })

  test('follows the map when it is resized', () => {
    const map = kept(Mmap.open(folder.file('0123456789')))
    for (let n = 0; n < 4; n++) map.set(0, map.at(0))
    map.resize(3 * PAGE)
    expect([map.at(9), map.at(-1), map.at(2 * PAGE)]).toEqual([0x39, 0, 0])
    map.set(3 * PAGE - 1, 7)
    expect(map.at(-1)).toBe(7)
    map.resize(PAGE)
    for (let n = 0; n < 4; n++) expect(outcome(() => map.at(PAGE))).toBe('ERR_RANGE')
    expect([map.at(9), map.at(-1)]).toEqual([0x39, 0])
  })

  // The kernel shows zeros from the end of the file to the end of its page.
  test('never takes the zeros behind a file’s end for bytes of a slice, a read or a line', () => {
    const path = folder.file(Buffer.alloc(2 * PAGE, 'abc\n'))
    const map = kept(Mmap.open(path, { access: 'read' }))
    const copy = kept(Mmap.open(path, { access: 'copy' }))
    for (let n = 0; n < 4; n++) for (const each of [map, copy]) latin1(each.slice(n, n + 16))
    truncateSync(path, 1000)
    for (const each of [map, copy]) {
      for (let n = 0; n < 3; n++) {
        expect(latin1(each.slice(996, 1000))).toBe('abc\n')
        expect(outcome(() => each.slice(998, 1001))).toBe('ERR_FAULT')
        expect(outcome(() => each.slice(1000, 1016))).toBe('ERR_FAULT')
        each.seek(996)
        expect(latin1(each.readLine())).toBe('abc\n')
        expect(outcome(() => each.readLine())).toBe('ERR_FAULT')
        expect(outcome(() => each.read(1))).toBe('ERR_FAULT')
        expect(each.tell()).toBe(1000)
      }
    }
  })

  test('lines of every length are read whole', () => {
    const lines = Array.from({ length: 600 }, (_, n) => `${'x'.repeat(n)}\n`)
    const map = kept(Mmap.open(folder.file(`${lines.join('')}rest`), { access: 'read' }))
    for (const line of lines) expect(latin1(map.readLine())).toBe(line)
    expect([latin1(map.readLine()), latin1(map.readLine())]).toEqual(['rest', ''])
  })
})
