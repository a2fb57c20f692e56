import { type CompiledQuery, compileQuery, MAX_NEEDLE_BYTE_LENGTH, MapscopeError } from '../shared/index.ts'
import type { Searchable } from './options.ts'

/** Flags of a `RegExp` that say how its owner walks it, which is the search's affair here. */
const WALKING = /[dgy]/g

/** @throws `ERR_ARGUMENT` with what to change, for what is no query. */
export function queryOf(searched: Searchable): CompiledQuery {
  if (searched instanceof Uint8Array) return ofBytes(searched)
  if (searched instanceof RegExp)
    return typed({ kind: 'regexp', text: searched.source, flags: searched.flags.replaceAll(WALKING, '') })
  return 'text' in searched ? typed(searched) : searched
}

function typed(query: Parameters<typeof compileQuery>[0]): CompiledQuery {
  const result = compileQuery(query)
  if ('query' in result) return result.query
  throw new MapscopeError('ERR_ARGUMENT', result.problem)
}

/** Copied: the caller may reuse its array at once. */
function ofBytes(bytes: Uint8Array): CompiledQuery {
  if (bytes.length >= 1 && bytes.length <= MAX_NEEDLE_BYTE_LENGTH)
    return { kind: 'bytes', pattern: { kind: 'bytes', values: new Uint8Array(bytes) } }
  throw new MapscopeError('ERR_ARGUMENT', `Look for 1 to ${MAX_NEEDLE_BYTE_LENGTH} bytes; these are ${bytes.length}.`)
}
