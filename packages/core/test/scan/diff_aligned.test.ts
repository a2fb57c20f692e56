import { describe, expect, onTestFinished, test } from 'vitest'
import { type AlignedDifference, type ByteSource, diffAligned, openFile } from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const MIB = 1024 ** 2

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function diff(a: ByteSource, b: ByteSource): Promise<AlignedDifference[]> {
  return await collected(diffAligned(a, b))
}

function diffBytes(a: Uint8Array, b: Uint8Array): Promise<AlignedDifference[]> {
  return diff(new MemorySource(a), new MemorySource(b))
}

/** What must hold of any answer: it covers both, its kinds are true, and neighbours are of other kinds. */
function checkAnswer(pieces: readonly AlignedDifference[], a: Uint8Array, b: Uint8Array): void {
  let [atA, atB] = [0, 0]
  let before: string | undefined
  for (const { kind, a: inA, b: inB } of pieces) {
    expect([inA.start, inB.start]).toEqual([atA, atB])
    const [x, y] = [a.subarray(inA.start, inA.end), b.subarray(inB.start, inB.end)]
    if (kind === 'equal') expect(Buffer.compare(x, y)).toBe(0)
    if (kind === 'changed') expect(Math.min(x.length, y.length)).toBeGreaterThan(0)
    expect(x.length === 0).toBe(kind === 'inserted')
    expect(y.length === 0).toBe(kind === 'deleted')
    expect(kind).not.toBe(before)
    before = kind
    ;[atA, atB] = [inA.end, inB.end]
  }
  expect([atA, atB]).toEqual([a.length, b.length])
}

function differingBytes(pieces: readonly AlignedDifference[]): number {
  const changed = pieces.filter(({ kind }) => kind !== 'equal')
  return changed.reduce((sum, { a, b }) => sum + (a.end - a.start) + (b.end - b.start), 0)
}

function joined(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array))))
}

describe('diffAligned', () => {
  const random = new Random(7)
  const data = random.bytes(300_000)

  test('the same, and nothing at all', async () => {
    expect(await diffBytes(data, data)).toEqual([
      { kind: 'equal', a: { start: 0, end: 300_000 }, b: { start: 0, end: 300_000 } },
    ])
    expect(await diffBytes(new Uint8Array(0), new Uint8Array(0))).toEqual([])
    expect(await diffBytes(new Uint8Array(0), data)).toEqual([
      { kind: 'inserted', a: { start: 0, end: 0 }, b: { start: 0, end: 300_000 } },
    ])
    expect(await diffBytes(data, new Uint8Array(0))).toEqual([
      { kind: 'deleted', a: { start: 0, end: 300_000 }, b: { start: 0, end: 0 } },
    ])
  })

  test('one insertion, one deletion, one change: exactly these', async () => {
    const b = joined(data.subarray(0, 100_000), 'INSERTED', data.subarray(100_000, 200_000), data.subarray(200_500))
    b[50_000] = (b[50_000] as number) ^ 0xff
    const pieces = await diffBytes(data, b)
    checkAnswer(pieces, data, b)
    expect(pieces.map(({ kind }) => kind)).toEqual([
      'equal',
      'changed',
      'equal',
      'inserted',
      'equal',
      'deleted',
      'equal',
    ])
    expect(differingBytes(pieces)).toBe(2 + 8 + 500)
  })

  test('an insertion of 3 MiB before everything else', async () => {
    const b = joined(random.bytes(3 * MIB), data)
    const pieces = await diffBytes(data, b)
    checkAnswer(pieces, data, b)
    // A byte of what was inserted may be the same as what follows it.
    expect(differingBytes(pieces)).toBe(3 * MIB)
  })

  test('bytes at the very begin and end', async () => {
    const b = joined('<', data, '>')
    const pieces = await diffBytes(data, b)
    checkAnswer(pieces, data, b)
    expect(pieces.map(({ kind }) => kind)).toEqual(['inserted', 'equal', 'inserted'])
  })

  test('zeros and periods hold nothing together, and the answer is true all the same', async () => {
    const a = joined(new Uint8Array(2 * MIB), 'mark', new Uint8Array(2 * MIB))
    const b = joined(new Uint8Array(2 * MIB + 5), 'mark', new Uint8Array(2 * MIB))
    checkAnswer(await diffBytes(a, b), a, b)
    const period = new Uint8Array(400_000).map((_, at) => at % 7)
    const shifted = period.subarray(3, 390_000)
    checkAnswer(await diffBytes(period, shifted), period, shifted)
  })

  test(`random edits, seed ${SEED}: the answer is true and about as small as the edits`, async () => {
    const dice = new Random(SEED)
    for (let round = 0; round < 30; round++) {
      const a = dice.bytes(dice.between(1, 200_000), dice.pick([2, 20, 256]))
      let b = a
      let edited = 0
      for (let edit = dice.between(0, 5); edit > 0; edit--) {
        const at = dice.between(0, b.length)
        const inserted = dice.bytes(dice.pick([0, 1, 10, 5_000]))
        const end = Math.min(b.length, at + dice.pick([0, 1, 10, 5_000]))
        edited += inserted.length + (end - at)
        b = joined(b.subarray(0, at), inserted, b.subarray(end))
      }
      const pieces = await diffBytes(a, b)
      checkAnswer(pieces, a, b)
      // Blocks of two values are never unique, so that only their ends hold them together.
      if (new Set(a).size > 2) expect(differingBytes(pieces), `round ${round}`).toBeLessThanOrEqual(edited + 5 * 2_048)
    }
  }, 60_000)

  test('real files of many MiB: what was inserted, deleted and changed is found where it is', async () => {
    const whole = openFile(process.execPath)
    const { bytes } = await whole.read(0, 40 * MIB)
    await whole.close()
    const b = joined(
      bytes.subarray(0, 10 * MIB),
      'some bytes more',
      bytes.subarray(10 * MIB, 30 * MIB),
      bytes.subarray(30 * MIB + 7),
    )
    b[5 * MIB] = (b[5 * MIB] as number) ^ 1
    const [left, right] = [openFile(folder.file(bytes)), openFile(folder.file(b))]
    onTestFinished(async () => {
      await left.close()
      await right.close()
    })
    const pieces = await diff(left, right)
    checkAnswer(pieces, bytes, b)
    expect(differingBytes(pieces)).toBe(2 + 15 + 7)
  }, 60_000)

  test('past 1 TiB, in sparse files', async () => {
    const byteLength = 2 * 1024 ** 4
    const left = openFile(folder.sparse(byteLength, [{ offset: byteLength - 20, text: 'here it differs' }]))
    const right = openFile(folder.sparse(byteLength, [{ offset: byteLength - 20, text: 'here is differs' }]))
    onTestFinished(async () => {
      await left.close()
      await right.close()
    })
    const changed = (await diff(left, right)).filter(({ kind }) => kind !== 'equal')
    const range = { start: byteLength - 20 + 6, end: byteLength - 20 + 7 }
    expect(changed).toEqual([{ kind: 'changed', a: range, b: range }])
  }, 120_000)

  test('what cannot be read is an error with its place', async () => {
    const broken = new MemorySource(data, { unreadable: [{ start: 1_000, end: 1_001 }] })
    await expect(diff(broken, new MemorySource(data))).rejects.toMatchObject({ code: 'ERR_FAULT', offset: 1_000 })
  })

  test('aborted before and meanwhile', async () => {
    const stop = new AbortController()
    const a = new MemorySource(random.bytes(3 * MIB))
    const b = new MemorySource(random.bytes(3 * MIB))
    const seen: number[] = []
    const onProgress = ({ scanned, total }: { scanned: number; total: number }): void => {
      expect(scanned).toBeLessThanOrEqual(total)
      seen.push(scanned)
      if (scanned > MIB) stop.abort(new Error('enough'))
    }
    await expect(collected(diffAligned(a, b, { signal: stop.signal, onProgress }))).rejects.toThrow('enough')
    expect(seen.length).toBeGreaterThan(1)
    await expect(collected(diffAligned(a, b, { signal: stop.signal }))).rejects.toThrow('enough')
  })
})
