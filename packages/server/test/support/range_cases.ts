/** What a Range header gives of a file of `n` bytes: half-open ranges, where a negative number or `n` counts from the end. */
export type Expected =
  | { readonly kind: 'whole' }
  | { readonly kind: 'unsatisfiable' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'parts'; readonly ranges: readonly (readonly [number, number])[] }

export interface RangeCase {
  readonly range: string
  readonly expected: Expected
}

export interface Subject {
  readonly name: string
  readonly byteLength: number
}

const whole = (range: string): RangeCase => ({ range, expected: { kind: 'whole' } })
const none = (range: string): RangeCase => ({ range, expected: { kind: 'unsatisfiable' } })
const part = (range: string, start: number, end: number): RangeCase => ({
  range,
  expected: { kind: 'part', start, end },
})
const parts = (range: string, ...ranges: (readonly [number, number])[]): RangeCase => ({
  range,
  expected: { kind: 'parts', ranges },
})

/** What holds of every file that is longer than a MiB; `n` is its length. */
export function rangeCasesOf(n: number): readonly RangeCase[] {
  return [...single(n), ...several(n), ...malformed(n)]
}

function single(n: number): readonly RangeCase[] {
  const zeros = '0'.repeat(40)
  return [
    part('bytes=0-0', 0, 1),
    part('bytes=0-1023', 0, 1024),
    part('bytes=1-1', 1, 2),
    part('bytes=4095-4096', 4095, 4097),
    part('bytes=65535-131072', 65_535, 131_073),
    part('bytes=100000-1000000', 100_000, 1_000_001),
    part(`bytes=${n - 1}-${n - 1}`, n - 1, n),
    part(`bytes=${n - 1}-`, n - 1, n),
    part(`bytes=${n - 70_000}-`, n - 70_000, n),
    part('bytes=-1', n - 1, n),
    part('bytes=-500', n - 500, n),
    part('bytes=-300000', n - 300_000, n),
    // clamped to the end
    part(`bytes=${n - 2}-${n}`, n - 2, n),
    part(`bytes=${n - 2}-${n}00`, n - 2, n),
    part(`bytes=${n - 2}-9007199254740993`, n - 2, n),
    part(`bytes=${n - 2}-18446744073709551616`, n - 2, n),
    part(`bytes=${n - 2}-1${zeros}`, n - 2, n),
    part(`bytes=${zeros}7-${zeros}9`, 7, 10),
    // nothing of it is there
    none(`bytes=${n}-`),
    none(`bytes=${n}-${n}`),
    none(`bytes=${n + 1}-${n + 100}`),
    none('bytes=-0'),
    none('bytes=-000'),
    none('bytes=9007199254740992-'),
    none('bytes=9007199254740993-9007199254740994'),
    none('bytes=18446744073709551616-'),
    none(`bytes=1${zeros}-`),
    none(`bytes=1${zeros}-2${zeros}`),
    none(`bytes=${n}-,-0`),
    // the unit in any case, and what may stand around a member
    part('BYTES=0-4', 0, 5),
    part('Bytes=0-4', 0, 5),
    part('bytes= 0-4', 0, 5),
    part('bytes=\t0-4', 0, 5),
    part('bytes=0-4 \t', 0, 5),
    part('bytes=,0-4', 0, 5),
    part('bytes=0-4,', 0, 5),
    part('bytes=, ,\t,0-4,,', 0, 5),
  ]
}

function several(n: number): readonly RangeCase[] {
  const dots = (count: number): string =>
    `bytes=${Array.from({ length: count }, (_, i) => `${i * 1000}-${i * 1000}`).join(',')}`
  return [
    parts('bytes=0-0,-1', [0, 1], [n - 1, n]),
    parts('bytes=-1,0-0', [n - 1, n], [0, 1]),
    parts('bytes=0-99,1000-1099', [0, 100], [1000, 1100]),
    parts('bytes=1000-1099,0-99', [1000, 1100], [0, 100]),
    parts('bytes=0-99 , \t 1000-1099', [0, 100], [1000, 1100]),
    parts('bytes=,0-99,,1000-1099,', [0, 100], [1000, 1100]),
    parts('bytes=0-0,200-200,400-400,600-600', [0, 1], [200, 201], [400, 401], [600, 601]),
    parts('bytes=600-600,0-0,400-400,200-200', [600, 601], [0, 1], [400, 401], [200, 201]),
    parts(`bytes=0-70000,${n - 70_000}-`, [0, 70_001], [n - 70_000, n]),
    parts('bytes=100000-399999,500000-500000', [100_000, 400_000], [500_000, 500_001]),
    parts(dots(100), ...Array.from({ length: 100 }, (_, i): [number, number] => [i * 1000, i * 1000 + 1])),
    // one run, and runs
    part('bytes=0-4,5-9', 0, 10),
    part('bytes=5-9,0-4', 0, 10),
    part('bytes=0-99,50-149', 0, 150),
    part('bytes=0-99,0-99', 0, 100),
    part('bytes=0-99,20-29', 0, 100),
    part('bytes=0-9,90-99', 0, 100),
    parts('bytes=0-9,91-99', [0, 10], [91, 100]),
    parts('bytes=5000-5099,0-9,5050-5199', [5000, 5200], [0, 10]),
    // members that are not there are left out
    part(`bytes=0-9,${n}-`, 0, 10),
    part(`bytes=${n}-,-0,3-4`, 3, 5),
    parts(`bytes=0-9,${n}-,1000-1000`, [0, 10], [1000, 1001]),
    // too many, or as much as all of it
    whole(dots(101)),
    whole(`bytes=0-,0-0`),
    whole(`bytes=0-,-1`),
    whole(`bytes=0-${n - 2},-1`),
    whole(`bytes=-${n},0-0`),
    whole(`bytes=${Array.from({ length: 90 }, () => '0-').join(',')}`),
  ]
}

function malformed(n: number): readonly RangeCase[] {
  const texts = ['', 'bytes', 'bytes=', 'bytes=-', 'bytes=,', 'bytes=--1', 'bytes=1--2', 'bytes=-1-', 'bytes=1-2-3']
  const signs = [
    'bytes=+0-9',
    'bytes=0-+9',
    'bytes=-+9',
    'bytes=+-9',
    'bytes=- 9',
    'bytes=0 -9',
    'bytes=0- 9',
    'bytes=0\t-9',
  ]
  const numbers = [
    'bytes=a-b',
    'bytes=abc-5',
    'bytes=5-abc',
    'bytes=0x0-0x9',
    'bytes=1e3-',
    'bytes=1.0-2.0',
    'bytes=1_0-20',
  ]
  const backwards = ['bytes=9-0', 'bytes=1-0', `bytes=${n - 1}-0`, 'bytes=9007199254740993-9007199254740992']
  const units = [
    'items=0-9',
    'byte=0-9',
    'bytess=0-9',
    'seconds=1-2',
    'none',
    '0-9',
    '=0-9',
    'bytes:0-9',
    'bytes 0-9',
    'bytes =0-9',
  ]
  const sets = [
    'bytes=0-9,9-0',
    'bytes=9-0,0-9',
    'bytes=0-9,x',
    'bytes=0-9;20-29',
    'bytes=0-9 20-29',
    'bytes=0-9,-',
    'bytes=0-9,+1-2',
    'bytes=0-9,bytes=20-29',
  ]
  return [...texts, ...signs, ...numbers, ...backwards, ...units, ...sets].map(whole)
}
