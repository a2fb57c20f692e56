import type { ByteRange } from '@mapscope/protocol'
import { type ConditionalHeaders, evaluateConditions, isRangeUsable, type Validators } from './conditional.ts'
import { selectRange } from './range.ts'

export interface PlanRequest {
  readonly method: string
  readonly headers: ConditionalHeaders & { readonly range?: string | undefined }
}

export interface Representation extends Validators {
  readonly byteLength: number
}

/** What the answer to a GET or HEAD of bytes is to be, before a single byte is read. */
export type Plan =
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'precondition-failed' }
  | { readonly kind: 'unsatisfiable' }
  /** HEAD: the headers of the whole. RFC 9110 §14.2: Range means nothing here. */
  | { readonly kind: 'head' }
  | { readonly kind: 'whole'; readonly range: ByteRange }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'parts'; readonly ranges: readonly ByteRange[] }

/** A plan that sends bytes. */
export type BytesPlan = Extract<Plan, { kind: 'whole' | 'part' | 'parts' }>

export function planAnswer(request: PlanRequest, representation: Representation, nowMs: number): Plan {
  const { method, headers } = request
  const outcome = evaluateConditions(headers, representation)
  if (outcome !== 'proceed') return { kind: outcome }
  if (method === 'HEAD') return { kind: 'head' }
  const header = isRangeUsable(headers, representation, nowMs) ? headers.range : undefined
  const selection = selectRange(header, representation.byteLength)
  return selection.kind === 'whole' ? { kind: 'whole', range: { start: 0, end: representation.byteLength } } : selection
}
