import { MapscopeError } from './errors.ts'

/** What an argument may be; the rest of it (which numbers, which range) is for each function to say. */
interface Kind {
  readonly wanted: string
  isRight(value: unknown): boolean
}

const NUMBER: Kind = { wanted: 'a number', isRight: (value) => typeof value === 'number' }
const BOOLEAN: Kind = { wanted: 'true or false', isRight: (value) => typeof value === 'boolean' }
const FUNCTION: Kind = { wanted: 'a function', isRight: (value) => typeof value === 'function' }
const STRING: Kind = { wanted: 'a string', isRight: (value) => typeof value === 'string' }
const BYTES: Kind = { wanted: 'a Uint8Array', isRight: (value) => value instanceof Uint8Array }
const LIST: Kind = { wanted: 'an array', isRight: Array.isArray }
const OBJECT: Kind = { wanted: 'an object', isRight: isObject }
const RANGE: Kind = {
  wanted: 'two offsets, { start, end }',
  isRight: (value) => isObject(value) && typeof value['start'] === 'number' && typeof value['end'] === 'number',
}
const SIGNAL: Kind = {
  wanted: 'an AbortSignal',
  isRight: (value) =>
    isObject(value) &&
    typeof value['aborted'] === 'boolean' &&
    ['throwIfAborted', 'addEventListener', 'removeEventListener'].every((name) => typeof value[name] === 'function'),
}
const SOURCE: Kind = {
  wanted: 'a source of bytes, as openFile gives one',
  isRight: (value) => isObject(value) && typeof value['byteLength'] === 'number' && typeof value['read'] === 'function',
}

const ASYNC_ITERABLE: Kind = {
  wanted: 'what a search gives: an async iterable',
  isRight: (value) => isObject(value) && Symbol.asyncIterator in value,
}

function oneOf(...names: readonly string[]): Kind {
  return { wanted: names.map((name) => `“${name}”`).join(' or '), isRight: (value) => names.includes(value as string) }
}

/** By their names, which mean the same in every function. */
const KINDS: Readonly<Record<string, Kind>> = {
  source: SOURCE,
  other: SOURCE,
  a: SOURCE,
  b: SOURCE,
  options: OBJECT,
  query: OBJECT,
  range: RANGE,
  starts: RANGE,
  endOf: OBJECT,
  batches: ASYNC_ITERABLE,
  signal: SIGNAL,
  onProgress: FUNCTION,
  onUnreadable: FUNCTION,
  releasesCache: BOOLEAN,
  isOverlapping: BOOLEAN,
  isWrapping: BOOLEAN,
  isAsciiCaseInsensitive: BOOLEAN,
  direction: oneOf('forward', 'backward'),
  encoding: oneOf('ascii', 'utf8', 'utf16le', 'utf16be'),
  until: oneOf('sampled', 'complete'),
  algorithms: LIST,
  needle: BYTES,
  bytes: BYTES,
  identity: STRING,
  path: STRING,
  pattern: STRING,
  flags: STRING,
  from: NUMBER,
  count: NUMBER,
  limit: NUMBER,
  alignment: NUMBER,
  offset: NUMBER,
  level: NUMBER,
  minLength: NUMBER,
  minByteLength: NUMBER,
  pageLength: NUMBER,
  blockByteLength: NUMBER,
  chunkByteLength: NUMBER,
  memoryByteLength: NUMBER,
  maxMatchByteLength: NUMBER,
  bucketCount: NUMBER,
  timeBudgetMs: NUMBER,
}

/** @throws `ERR_ARGUMENT` for one that is not of its kind, or is missing. */
export function assertGiven(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) assertKind(name, value, KINDS[name] as Kind)
}

/** The same for the members of an object, any of which may be missing or undefined. Members of other names are none of its business. */
export function assertOptions(options: unknown): void {
  assertGiven({ options })
  for (const [name, kind] of Object.entries(KINDS)) {
    const value = (options as Readonly<Record<string, unknown>>)[name]
    if (value !== undefined) assertKind(name, value, kind)
  }
}

function assertKind(name: string, value: unknown, { wanted, isRight }: Kind): void {
  if (isRight(value)) return
  throw new MapscopeError('ERR_ARGUMENT', `${name} is ${shown(value)}; pass ${wanted}.`)
}

/** Nothing of the value's own is called: that may throw, too. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `“${value.slice(0, 40)}”`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
