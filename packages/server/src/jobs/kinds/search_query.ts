import { type CompiledQuery, type SearchQuery as CoreQuery, compileQuery } from '@mapscope/core'
import type { SearchQuery } from '@mapscope/protocol'
import { ProblemError } from '../../errors.ts'

/** What is searched for. @throws ProblemError `ERR_REQUEST` with a sentence that tells the person what to change. */
export function compiledQuery(query: SearchQuery): CompiledQuery {
  const result = compileQuery(query satisfies CoreQuery)
  if ('problem' in result) throw new ProblemError('ERR_REQUEST', result.problem)
  return result.query
}

/** Whether hits may overlap: then each is found without knowing those before. */
export function mayOverlap({ kind }: CompiledQuery, isOverlapping: boolean): boolean {
  return isOverlapping || kind === 'needles' || kind === 'number'
}
