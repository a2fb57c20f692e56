import type { Problem, ProblemCode } from '@mapscope/protocol'

/** The server's codes, and what can go wrong before an answer of the server is at hand. */
export type ClientErrorCode =
  | ProblemCode
  /** No answer: the server is not there, or the connection broke. */
  | 'ERR_NETWORK'
  /** No answer in time. */
  | 'ERR_DEADLINE'
  /** An answer that is not what the protocol says. */
  | 'ERR_PROTOCOL'

/** Every failure of `client/` but an abort, which stays the signal's own reason. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** What the server said, where it said something. */
  readonly problem: Problem | undefined

  constructor(code: ClientErrorCode, message: string, details: { problem?: Problem; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.problem = details.problem
  }
}

export function isClientError(error: unknown, code?: ClientErrorCode): error is ClientError {
  return error instanceof ClientError && (code === undefined || error.code === code)
}

/** Whether the same request may succeed a little later without anyone doing anything. */
export function isPassing(error: unknown): boolean {
  if (!isClientError(error)) return false
  if (error.code === 'ERR_NETWORK' || error.code === 'ERR_DEADLINE' || error.code === 'ERR_TOO_MANY') return true
  return error.problem !== undefined && error.problem.status >= 500
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The server's words as a sentence: its details are phrases, made to stand in a log as well. */
export function problemText({ detail, title }: Pick<Problem, 'detail' | 'title'>): string {
  return asSentence(detail.trim() || title)
}

/** `it is a pipe` → `It is a pipe.` */
export function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`
}
