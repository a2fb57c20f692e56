import { afterAll, describe, expect, test } from 'vitest'
import {
  compileQuery,
  count,
  diffAligned,
  differences,
  entropy,
  find,
  findCut,
  findNext,
  findPrevious,
  HitBatch,
  HitStore,
  hash,
  hashChunks,
  histogram,
  identify,
  isMapscopeError,
  Overview,
  OverviewFile,
  openFile,
  parseQuery,
  runs,
  search,
  searchOutwards,
  searchRegexp,
  strings,
  sweep,
} from '../src/index.ts'
import { TempFolder } from './support/temp.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a program in JavaScript passes has no type
type Anything = any

const folder = new TempFolder()
const source = openFile(folder.file('some bytes to be looked at\0\0\0\0'))
const closing: (() => unknown)[] = [() => source.close()]
afterAll(async () => {
  for (const close of closing) await close()
})

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

const BYTES = new Uint8Array([0x73])
const SEARCH_OPTIONS = [
  'range',
  'starts',
  'signal',
  'onProgress',
  'limit',
  'alignment',
  'isOverlapping',
  'onUnreadable',
]
const SCAN_OPTIONS = ['range', 'signal', 'onProgress', 'releasesCache']
const PAGED_OPTIONS = [...SCAN_OPTIONS, 'pageLength']

interface Row {
  readonly name: string
  /** Good ones, by the names of what `run` is given. */
  readonly args: Readonly<Record<string, unknown>>
  /** Members of the argument `options`, each of which may be wrong by itself. */
  readonly options?: readonly string[]
  /** Of the options, those that must be there. */
  readonly given?: Readonly<Record<string, unknown>>
  run(args: Anything): unknown
}

const ROWS: readonly Row[] = [
  {
    name: 'search',
    args: { source, query: BYTES },
    options: [...SEARCH_OPTIONS, 'direction', 'releasesCache'],
    run: ({ source, query, options }) => drain(search(source, query, options)),
  },
  {
    name: 'search by an expression',
    args: { source, query: /s/ },
    options: [...SEARCH_OPTIONS, 'direction', 'releasesCache'],
    run: ({ source, query, options }) => drain(search(source, query, options)),
  },
  {
    name: 'count',
    args: { source, query: BYTES },
    options: [...SEARCH_OPTIONS, 'releasesCache'].filter((name) => name !== 'limit'),
    run: ({ source, query, options }) => count(source, query, options),
  },
  {
    name: 'findCut',
    args: { source, query: BYTES },
    options: ['range', 'signal', 'onProgress', 'releasesCache'],
    given: { starts: { start: 0, end: 9 } },
    run: ({ source, query, options }) => findCut(source, query, options),
  },
  {
    name: 'findNext',
    args: { source, query: BYTES },
    options: ['range', 'signal', 'onProgress', 'alignment', 'from', 'releasesCache'],
    run: ({ source, query, options }) => findNext(source, query, options),
  },
  {
    name: 'findPrevious',
    args: { source, query: BYTES },
    options: ['range', 'signal', 'onProgress', 'alignment', 'from', 'releasesCache'],
    run: ({ source, query, options }) => findPrevious(source, query, options),
  },
  {
    name: 'searchOutwards',
    args: { source, query: BYTES },
    options: [...SEARCH_OPTIONS, 'releasesCache'],
    given: { from: 3 },
    run: ({ source, query, options }) => drain(searchOutwards(source, query, options)),
  },
  {
    name: 'searchRegexp',
    args: { source, query: { pattern: 's' } },
    options: ['range', 'starts', 'direction', 'signal', 'onProgress', 'limit', 'releasesCache'],
    run: ({ source, query, options }) => drain(searchRegexp(source, query, options)),
  },
  {
    name: 'searchRegexp’s query',
    args: {},
    options: ['flags', 'isAsciiCaseInsensitive', 'maxMatchByteLength', 'timeBudgetMs'],
    given: { pattern: 's' },
    run: ({ options }) => drain(searchRegexp(source, options)),
  },
  {
    name: 'find',
    args: { source, needle: BYTES },
    options: ['isWrapping', 'signal', 'onProgress', 'releasesCache'],
    given: { from: 0, direction: 'forward' },
    run: ({ source, needle, options }) => find(source, needle, options),
  },
  {
    name: 'histogram',
    args: { source },
    options: SCAN_OPTIONS,
    run: ({ source, options }) => histogram(source, options),
  },
  {
    name: 'entropy',
    args: { source },
    options: [...SCAN_OPTIONS, 'blockByteLength'],
    run: ({ source, options }) => drain(entropy(source, options)),
  },
  {
    name: 'strings',
    args: { source },
    options: [...PAGED_OPTIONS, 'encoding', 'minLength'],
    run: ({ source, options }) => drain(strings(source, options)),
  },
  {
    name: 'runs',
    args: { source },
    options: [...PAGED_OPTIONS, 'minByteLength'],
    run: ({ source, options }) => drain(runs(source, options)),
  },
  {
    name: 'differences',
    args: { source, other: source },
    options: PAGED_OPTIONS,
    run: ({ source, other, options }) => drain(differences(source, other, options)),
  },
  {
    name: 'diffAligned',
    args: { a: source, b: source },
    options: ['signal', 'onProgress', 'releasesCache'],
    run: ({ a, b, options }) => drain(diffAligned(a, b, options)),
  },
  {
    name: 'hash',
    args: { source },
    options: SCAN_OPTIONS,
    given: { algorithms: ['sha256'] },
    run: ({ source, options }) => hash(source, options),
  },
  {
    name: 'hashChunks',
    args: { source },
    options: SCAN_OPTIONS,
    given: { algorithms: ['sha256'], chunkByteLength: 10 },
    run: ({ source, options }) => drain(hashChunks(source, options)),
  },
  {
    name: 'identify',
    args: { source },
    options: ['offset', 'signal', 'releasesCache'],
    run: ({ source, options }) => identify(source, options),
  },
  {
    name: 'sweep',
    args: { source },
    options: [...SCAN_OPTIONS, 'onUnreadable'],
    run: ({ source, options }) => drain(sweep(source, options)),
  },
  { name: 'new Overview', args: { source }, run: (args) => new Overview(args.source) },
  {
    name: 'Overview.fromBytes',
    args: { bytes: BYTES, source, identity: 'it' },
    run: ({ bytes, source, identity }) => Overview.fromBytes(bytes, source, identity),
  },
  {
    name: 'OverviewFile.open',
    args: { source, path: folder.fresh() },
    run: (args) => OverviewFile.open(args.source, args.path),
  },
  { name: 'toBytes', args: { identity: 'it' }, run: ({ identity }) => new Overview(source).toBytes(identity) },
  {
    name: 'Overview.read',
    args: { level: 0 },
    run: ({ level }) => new Overview(source).read(level),
  },
  {
    name: 'Overview.invalidate',
    args: { range: { start: 0, end: 1 } },
    run: ({ range }) => new Overview(source).invalidate(range),
  },
  {
    name: 'refine',
    args: {},
    options: ['range', 'until', 'signal', 'releasesCache'],
    run: ({ options }) => drain(new Overview(source).refine(options)),
  },
  {
    name: 'new HitStore',
    args: {},
    options: ['memoryByteLength'],
    run: ({ options }) => new HitStore(options).close(),
  },
  {
    name: 'HitStore.collect',
    args: { batches: search(source, BYTES) },
    run: async ({ batches }) => (await HitStore.collect(batches)).close(),
  },
  { name: 'HitStore.add', args: { batch: HitBatch.from([]) }, run: ({ batch }) => opened().add(batch) },
  { name: 'HitStore.page', args: { from: 0, count: 1 }, run: ({ from, count }) => opened().page(from, count) },
  { name: 'HitStore.indexOfOffset', args: { offset: 0 }, run: ({ offset }) => opened().indexOfOffset(offset) },
  {
    name: 'HitStore.histogram',
    args: { range: { start: 0, end: 9 }, bucketCount: 3 },
    run: ({ range, bucketCount }) => opened().histogram(range, bucketCount),
  },
]

function opened(): HitStore {
  const store = new HitStore()
  closing.push(() => store.close())
  return store
}

/** Nothing of these may be turned into text or called without care. */
const NOTHINGS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a symbol', Symbol('x')],
  ['a bigint', 5n],
  ['an object of no class', Object.create(null)],
  ['an object that answers with errors', new Proxy({}, { getPrototypeOf: () => Object.prototype })],
  ['an array', [{}]],
  ['a date', new Date(0)],
  ['a text', 'nonsense'],
]

/** Right for those that take an object of options, all of which may be missing, or a text. */
function isRight(name: string, value: unknown): boolean {
  const isObject = typeof value === 'object' && value !== null
  return (
    (name === 'options' && isObject) || (['identity', 'path', 'pattern'].includes(name) && typeof value === 'string')
  )
}

async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  return undefined
}

const CODES: readonly unknown[] = ['ERR_ARGUMENT', 'ERR_RANGE']

/** Runs it with one argument replaced, for each of them. */
async function problemsOf({ name, args, options, given, run }: Row): Promise<string[]> {
  const problems: string[] = []
  const look = async (what: string, changed: Record<string, unknown>): Promise<void> => {
    const error = await errorOf(() => run(changed))
    if (!isMapscopeError(error) || !CODES.includes(error.code)) problems.push(`${name}: ${what}: ${String(error)}`)
  }
  const good = { ...args, ...(options === undefined ? {} : { options: { ...given } }) }
  for (const [kind, value] of NOTHINGS) {
    for (const argument of Object.keys(good))
      if (!isRight(argument, value)) await look(`${argument} is ${kind}`, { ...good, [argument]: value })
    for (const option of [...(options ?? []), ...Object.keys(given ?? {})])
      if (!isRight(option, value))
        await look(`options.${option} is ${kind}`, { ...good, options: { ...given, [option]: value } })
  }
  for (const argument of Object.keys(args)) await look(`no ${argument}`, { ...good, [argument]: undefined })
  for (const option of Object.keys(given ?? {}))
    await look(`no options.${option}`, { ...good, options: { ...given, [option]: undefined } })
  if (given !== undefined) await look('no options', { ...good, options: undefined })
  return problems
}

describe('wrong arguments are coded errors, which say so', () => {
  test.each(ROWS)('$name', async (row) => {
    const good = { ...row.args, ...(row.options === undefined ? {} : { options: { ...row.given } }) }
    expect(await errorOf(() => row.run(good))).toBe(undefined)
    expect(await problemsOf(row)).toEqual([])
  })

  const mask = Uint8Array.of(1, 2)
  test.each<Anything>([
    undefined,
    null,
    5,
    5n,
    'text',
    Symbol('x'),
    {},
    [],
    { kind: 'bytes' },
    { kind: 'nonsense' },
    { kind: 'toString' },
    { kind: 5, pattern: {} },
    { kind: 'bytes', pattern: null },
    { kind: 'bytes', pattern: 'x' },
    { kind: 'bytes', pattern: { kind: 'bytes' } },
    { kind: 'bytes', pattern: { kind: 'bytes', values: [1, 2] } },
    { kind: 'bytes', pattern: { kind: 'bytes', values: new Uint8Array(0) } },
    { kind: 'bytes', pattern: { kind: 'bytes', values: BYTES, masks: mask } },
    { kind: 'bytes', pattern: { kind: 'any', needles: [{ values: BYTES }] } },
    { kind: 'needles', pattern: { kind: 'any', needles: [] } },
    { kind: 'needles', pattern: { kind: 'any', needles: 5 } },
    { kind: 'spellings', pattern: { kind: 'any', needles: [null] } },
    { kind: 'number', pattern: { kind: 'number', type: 'u7', isLittleEndian: true, min: 1n, max: 2n } },
    { kind: 'number', pattern: { kind: 'number', type: 'u8', isLittleEndian: true, min: 3n, max: 2n } },
    { kind: 'number', pattern: { kind: 'number', type: 'u8', isLittleEndian: true, min: 1, max: 'x' } },
    { kind: 'number', pattern: { kind: 'number', type: 'f32', isLittleEndian: 'x', min: 1, max: 2 } },
    { kind: 'regexp' },
    { kind: 'regexp', source: 5, flags: '' },
    { kind: 'regexp', source: 's', flags: 5 },
    { kind: 'regexp', source: 's', flags: 'x' },
    { kind: 'regexp', source: '(', flags: '' },
    { kind: 'hex', text: 5 },
    { kind: 'hex', text: null },
    { kind: 'nonsense', text: 's' },
    { kind: 'toString', text: 's' },
    { kind: 'text', text: 's', encoding: 5 },
    { kind: 'text', text: 's', isCaseInsensitive: 'x' },
    { kind: 'number', text: '5' },
    { kind: 'number', text: '5', type: 'toString' },
    { kind: 'number', text: '5', type: 'u8', isLittleEndian: 1 },
    { kind: 'regexp', text: 's', flags: 5 },
    { kind: 'regexp', text: 's', maxMatchByteLength: '5' },
  ])('no query: %o', async (query) => {
    const calls = [
      () => drain(search(source, query)),
      () => count(source, query),
      () => findNext(source, query),
      () => findPrevious(source, query),
      () => drain(searchOutwards(source, query, { from: 0 })),
    ]
    for (const call of calls) expect(await errorOf(call)).toMatchObject({ name: 'MapscopeError', code: 'ERR_ARGUMENT' })
    expect(compileQuery(query)).toEqual({ problem: expect.any(String) })
    expect(parseQuery(query)).toEqual({ problem: expect.any(String) })
  })

  test('searchOutwards without a place says what to give', () => {
    expect(() => searchOutwards(source, BYTES, {} as Anything)).toThrow('from is undefined; pass a number.')
  })
})
