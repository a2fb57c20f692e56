import { describe, expect, test } from 'vitest'
import { constants, Mmap } from '../../src/index.ts'
import { latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const PAGE = constants.PAGESIZE
const fresh = (): Mmap => Mmap.open(folder.file('0123456789'.repeat(PAGE / 5)))
const code = (call: () => unknown): string => {
  try {
    call()
    return 'done'
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error)
  }
}

/** Worth `value`, and acts when asked for it: the three ways in which JavaScript runs code for a number. */
const ways: [string, (value: number, act: () => void) => number][] = [
  ['valueOf', (value, act) => ({ valueOf: () => acted(act, value) }) as unknown as number],
  ['Symbol.toPrimitive', (value, act) => ({ [Symbol.toPrimitive]: () => acted(act, value) }) as unknown as number],
  ['a proxy', (value, act) => new Proxy({}, { get: (_, name) => property(name, value, act) }) as unknown as number],
]

function acted(act: () => void, value: number): number {
  act()
  return value
}

function property(name: string | symbol, value: number, act: () => void): unknown {
  return name === 'valueOf' ? () => acted(act, value) : undefined
}

const calls: [string, (map: Mmap, number: (value: number) => number) => unknown][] = [
  ['at', (map, number) => map.at(number(1))],
  ['set, index', (map, number) => map.set(number(1), 1)],
  ['set, byte', (map, number) => map.set(PAGE + 1, number(1))],
  ['slice', (map, number) => map.slice(0, PAGE, number(1))],
  ['setSlice', (map, number) => map.setSlice(PAGE, number(PAGE + 2), 1, new Uint8Array(2))],
  ['copyInto', (map, number) => map.copyInto(new Uint8Array(9), number(PAGE))],
  ['move, dest', (map, number) => map.move(number(PAGE), 0, 9)],
  ['move, count', (map, number) => map.move(PAGE, 0, number(9))],
  ['find', (map, number) => map.find(Buffer.from('1'), PAGE, number(2 * PAGE))],
  ['rfind', (map, number) => map.rfind(Buffer.from('1'), number(PAGE))],
  ['read', (map, number) => map.read(number(5))],
  ['writeByte', (map, number) => map.writeByte(number(1))],
  ['seek', (map, number) => map.seek(number(PAGE + 1))],
  ['flush', (map, number) => map.flush(PAGE, number(5))],
  ['flush, flags', (map, number) => map.flush(PAGE, 5, { flags: number(constants.MS_SYNC) })],
  ['advise, advice', (map, number) => map.advise(number(constants.MADV_RANDOM), PAGE)],
  ['advise, start', (map, number) => map.advise(constants.MADV_RANDOM, number(PAGE))],
  ['residency', (map, number) => map.residency(number(PAGE), 5)],
  ['isResident', (map, number) => map.isResident(PAGE, number(5))],
  ['lock', (map, number) => map.lock(number(PAGE), 5)],
  ['unlock', (map, number) => map.unlock(PAGE, number(5))],
  ['resize', (map, number) => map.resize(number(PAGE))],
  ['remap', (map, number) => map.remap(number(0))],
]

describe.each(ways)('arguments converted by %s', (_, way) => {
  test.each(calls)('%s: one that closes the map leaves it closed', (_name, call) => {
    const map = fresh()
    expect(code(() => call(map, (value) => way(value, () => map.close())))).toBe('ERR_CLOSED')
  })

  test.each(calls)('%s: one that shrinks the map leaves nothing outside to be touched', (_name, call) => {
    const map = fresh()
    const outcome = code(() => call(map, (value) => way(value, () => map.resize(10))))
    expect(['done', 'ERR_RANGE']).toContain(outcome)
    expect(latin1(map.slice(2))).toHaveLength(map.length - 2)
  })
})

test('so do those that answer later', async () => {
  for (const [, way] of ways) {
    const later: ((map: Mmap, number: number) => Promise<unknown>)[] = [
      (map, number) => map.readAt(number, 1),
      (map, number) => map.flushAsync(0, number),
      (map, number) => map.populate(number),
      (map, number) => map.prefetch(0, number),
    ]
    for (const call of later) {
      const map = fresh()
      await expect(
        call(
          map,
          way(0, () => map.close()),
        ),
      ).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    }
  }
})

test('options that run code are asked once, before the map is made', () => {
  const asked: string[] = []
  const options = new Proxy({}, { get: (_, name) => void asked.push(String(name)) })
  Mmap.open(folder.file('x'), options).close()
  expect(asked.sort()).toEqual(['access', 'flags', 'offset', 'prot', 'tagName', 'trackFd'])
})

test('a proxy of bytes is no bytes', () => {
  expect(code(() => fresh().write(new Proxy(new Uint8Array(3), {})))).toBe('ERR_ARGUMENT')
})
