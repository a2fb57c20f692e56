import { expect, test } from 'vitest'
import { type RangeSelection, selectRange } from '../src/http/range.ts'
import { seeded } from './support/temporary.ts'

const HUGE = 15 * 1024 ** 4

/** header, byteLength, and `start-end` (half-open) of the part, or the kind of answer. */
const CASES: readonly (readonly [string | undefined, number, string])[] = [
  [undefined, 10, 'whole'],
  // the three forms
  ['bytes=0-0', 10, '0-1'],
  ['bytes=0-9', 10, '0-10'],
  ['bytes=3-5', 10, '3-6'],
  ['bytes=9-9', 10, '9-10'],
  ['bytes=3-', 10, '3-10'],
  ['bytes=0-', 10, '0-10'],
  ['bytes=-1', 10, '9-10'],
  ['bytes=-10', 10, '0-10'],
  // clamping
  ['bytes=5-10', 10, '5-10'],
  ['bytes=5-99999', 10, '5-10'],
  ['bytes=-11', 10, '0-10'],
  ['bytes=-99999999', 10, '0-10'],
  [`bytes=1-1${'0'.repeat(40)}`, 10, '1-10'],
  [`bytes=-1${'0'.repeat(40)}`, 10, '0-10'],
  [`bytes=${'0'.repeat(40)}1-2`, 10, '1-3'],
  // unsatisfiable
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=10-20', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=-000', 10, 'unsatisfiable'],
  [`bytes=1${'0'.repeat(40)}-`, 10, 'unsatisfiable'],
  ['bytes=10-,20-30', 10, 'unsatisfiable'],
  // the unit
  ['BYTES=0-1', 10, '0-2'],
  ['Bytes=0-1', 10, '0-2'],
  ['items=0-1', 10, 'whole'],
  ['byte=0-1', 10, 'whole'],
  ['bytes 0-1', 10, 'whole'],
  ['0-1', 10, 'whole'],
  ['', 10, 'whole'],
  // malformed: the whole set is ignored
  ['bytes=', 10, 'whole'],
  ['bytes=-', 10, 'whole'],
  ['bytes=,', 10, 'whole'],
  ['bytes=5-4', 10, 'whole'],
  ['bytes=9007199254740993-9007199254740992', HUGE, 'whole'],
  ['bytes=abc-5', 10, 'whole'],
  ['bytes=5-abc', 10, 'whole'],
  ['bytes=+0-9', 10, 'whole'],
  ['bytes=0-+9', 10, 'whole'],
  ['bytes=0x0-0x5', 10, 'whole'],
  ['bytes=1e1-', 10, 'whole'],
  ['bytes=1.0-2', 10, 'whole'],
  ['bytes=--1', 10, 'whole'],
  ['bytes=1--2', 10, 'whole'],
  ['bytes=1-2-3', 10, 'whole'],
  ['bytes=0-1,5-4', 10, 'whole'],
  ['bytes=0-1,x', 10, 'whole'],
  ['bytes=0-1;2-3', 10, 'whole'],
  ['bytes=٣-٤', 10, 'whole'],
  // whitespace: around members, never inside one
  ['bytes= 0-1', 10, '0-2'],
  ['bytes=0-1 ', 10, '0-2'],
  ['bytes=\t0-1\t', 10, '0-2'],
  ['bytes=0-1\t,\t2-3', 100, '0-4'],
  ['bytes=0 -1', 10, 'whole'],
  ['bytes=0- 1', 10, 'whole'],
  ['bytes=0\t-\t1', 10, 'whole'],
  ['bytes =0-1', 10, 'whole'],
  ['bytes=0-1\u00a0', 10, 'whole'],
  // empty members
  ['bytes=,0-1', 10, '0-2'],
  ['bytes=0-1,', 10, '0-2'],
  ['bytes=,, ,0-1,\t,', 10, '0-2'],
  // several: one run, else as many parts, in the order asked for
  ['bytes=0-4,5-9', 1000, '0-10'],
  ['bytes=5-9,0-4', 1000, '0-10'],
  ['bytes=0-9,5-19', 1000, '0-20'],
  ['bytes=0-9,90-99', 1000, '0-100'],
  ['bytes=0-9,91-99', 1000, '0-10 91-100'],
  ['bytes=0-0,-1', 1000, '0-1 999-1000'],
  ['bytes=-1,0-0', 1000, '999-1000 0-1'],
  ['bytes=500-509,0-9,505-520', 1000, '500-521 0-10'],
  ['bytes=900-909,0-9,300-309,820-830', 1000, '820-910 0-10 300-310'],
  [`bytes=0-0,${HUGE - 1}-,5368709120-5368709121`, HUGE, `0-1 ${HUGE - 1}-${HUGE} 5368709120-5368709122`],
  [`bytes=${Array.from({ length: 100 }, () => '0-').join(',')}`, Number.MAX_SAFE_INTEGER, 'whole'],
  ['bytes=0-0,5000-6000', 1000, '0-1'],
  ['bytes=0-,0-,0-', 1000, 'whole'],
  ['bytes=0-499,500-999', 1000, 'whole'],
  [`bytes=${Array.from({ length: 100 }, (_, i) => `${i}-${i}`).join(',')}`, 1000, '0-100'],
  [`bytes=${Array.from({ length: 101 }, (_, i) => `${i}-${i}`).join(',')}`, 1000, 'whole'],
  // nothing there
  ['bytes=0-', 0, 'whole'],
  ['bytes=-1', 0, 'whole'],
  ['bytes=5-', 0, 'whole'],
  // past 32 bits and near the end of exact numbers
  ['bytes=5368709120-5368709135', HUGE, '5368709120-5368709136'],
  ['bytes=4398046511104-4398046511104', HUGE, '4398046511104-4398046511105'],
  ['bytes=-16', HUGE, `${HUGE - 16}-${HUGE}`],
  [`bytes=${HUGE - 1}-`, HUGE, `${HUGE - 1}-${HUGE}`],
  [`bytes=${HUGE}-`, HUGE, 'unsatisfiable'],
  ['bytes=9007199254740990-', Number.MAX_SAFE_INTEGER, '9007199254740990-9007199254740991'],
  ['bytes=9007199254740991-', Number.MAX_SAFE_INTEGER, 'unsatisfiable'],
  ['bytes=9007199254740993-', Number.MAX_SAFE_INTEGER, 'unsatisfiable'],
]

function shownOf(selection: RangeSelection): string {
  switch (selection.kind) {
    case 'part':
      return `${selection.range.start}-${selection.range.end}`
    case 'parts':
      return selection.ranges.map(({ start, end }) => `${start}-${end}`).join(' ')
    case 'whole':
    case 'unsatisfiable':
      return selection.kind
  }
}

test.each(CASES)('%j of %d bytes selects %s', (header, byteLength, expected) => {
  const selection = selectRange(header, byteLength)
  const shown = shownOf(selection)
  expect(shown).toBe(expected)
})

test('a header of 16 KiB of members is answered in a moment', () => {
  const startMs = performance.now()
  expect(selectRange(`bytes=${','.repeat(8_000)}${' '.repeat(8_000)}1-2`, 10).kind).toBe('part')
  expect(selectRange(`bytes=${'9'.repeat(16_000)}-`, 10).kind).toBe('unsatisfiable')
  expect(performance.now() - startMs).toBeLessThan(250)
})

test('one plain range means the same as in a list, which takes the way of all others', () => {
  const seed = 915
  const next = seeded(seed)
  const lengths = [1, 10, 4096, 2 ** 32 + 5, HUGE, Number.MAX_SAFE_INTEGER]
  const edges = [
    '',
    '0',
    '00',
    '9',
    '10',
    '4294967296',
    '999999999999999',
    '1000000000000000',
    '9007199254740993',
    '+1',
    ' 1',
    '1 ',
  ]
  const digits = (most: number): string =>
    String(next(Math.min(most, 2 ** 32)) * (next(2) === 0 ? 1 : Math.ceil(most / 2 ** 32)))
  for (let round = 0; round < 5_000; round++) {
    const byteLength = lengths[next(lengths.length)] ?? 1
    const one = (): string => (next(3) === 0 ? (edges[next(edges.length)] ?? '') : digits(byteLength * 2))
    const header = `bytes=${one()}-${one()}`
    // An empty member means nothing.
    expect(selectRange(header, byteLength), `seed ${seed}, round ${round}: ${header} of ${byteLength}`).toEqual(
      selectRange(`${header},`, byteLength),
    )
  }
})

test('blanks in the middle of a member take no time that grows with their square', () => {
  for (const blank of [' ', '\t'])
    expect(selectRange(`bytes=0-1${blank.repeat(120_000)}x`, 10)).toEqual({ kind: 'whole' })
  expect(selectRange('bytes= \t0-1\t , \t5-5 \t', 1_000)).toEqual({ kind: 'part', range: { start: 0, end: 6 } })
})
