import {
  type BytePattern,
  type CompiledQuery,
  compileQuery,
  MAX_NEEDLE_BYTE_LENGTH,
  MapscopeError,
  type SearchQuery,
} from '../shared/index.ts'
import { nativePattern } from '../source/native_patterns.ts'
import type { Searchable } from './options.ts'
import { toExpression } from './regexp/expression.ts'

/** Flags of a `RegExp` that say how its owner walks it, which is the search's affair here. */
const WALKING = /[dgy]/g

/** @throws `ERR_ARGUMENT` with what to change, for what is no query. */
export function queryOf(searched: Searchable): CompiledQuery {
  if (searched instanceof Uint8Array) return ofBytes(searched)
  if (searched instanceof RegExp)
    return typed({ kind: 'regexp', text: searched.source, flags: searched.flags.replaceAll(WALKING, '') })
  if (typeof searched !== 'object' || searched === null) throw noQuery()
  return 'text' in searched ? typed(searched) : compiled(searched)
}

function typed(query: SearchQuery): CompiledQuery {
  const result = compileQuery(query)
  if ('query' in result) return result.query
  throw new MapscopeError('ERR_ARGUMENT', result.problem)
}

/** The kind of pattern of each kind of query that has one. */
const PATTERN_KINDS: { readonly [Kind in CompiledQuery['kind']]: BytePattern['kind'] | undefined } = {
  bytes: 'bytes',
  spellings: 'any',
  needles: 'any',
  number: 'number',
  regexp: undefined,
}

/** What another program sent may be anything; the parts that the search would trip over are tried here, once. */
function compiled(query: CompiledQuery): CompiledQuery {
  if (typeof query.kind !== 'string' || !Object.hasOwn(PATTERN_KINDS, query.kind)) throw noQuery()
  if (query.kind === 'regexp') {
    const { source, flags, isAsciiCaseInsensitive } = query
    if (![source, flags].every((part) => typeof part === 'string')) throw noQuery()
    toExpression({ pattern: source, flags, isAsciiCaseInsensitive })
    return query
  }
  try {
    if (query.pattern.kind === PATTERN_KINDS[query.kind]) {
      nativePattern(query.pattern) // kept, for the search to use
      return query
    }
  } catch (cause) {
    throw new MapscopeError('ERR_ARGUMENT', `This is no pattern: ${(cause as Error).message}.`, { cause })
  }
  throw noQuery()
}

function noQuery(): MapscopeError {
  const examples = 'bytes, a RegExp, { kind: ‘hex’, text: ‘4D 5A’ }, or what compileQuery gave'
  return new MapscopeError('ERR_ARGUMENT', `This is nothing to search for; pass ${examples}.`)
}

/** Copied: the caller may reuse its array at once. */
function ofBytes(bytes: Uint8Array): CompiledQuery {
  if (bytes.length >= 1 && bytes.length <= MAX_NEEDLE_BYTE_LENGTH)
    return { kind: 'bytes', pattern: { kind: 'bytes', values: new Uint8Array(bytes) } }
  throw new MapscopeError('ERR_ARGUMENT', `Look for 1 to ${MAX_NEEDLE_BYTE_LENGTH} bytes; these are ${bytes.length}.`)
}
