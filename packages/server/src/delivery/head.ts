import { servedBytesHeaders } from '../http/content.ts'
import type { Served } from './served.ts'

export type Headers = Readonly<Record<string, string>>

/** Of an answer without bytes as well: the tag, the date, how long it may be kept. */
export function cachingHeaders({ etag, modifiedMs, headers }: HeadFacts): Headers {
  // RFC 9110 §8.8.2.1: never a date behind the answer's own, which a file may well have. Node's Date is late by some milliseconds at times.
  const saidMs = modifiedMs === undefined ? undefined : Math.min(modifiedMs, Date.now() - 1_000)
  const modified = saidMs === undefined ? {} : { 'last-modified': new Date(saidMs).toUTCString() }
  return { etag, ...modified, ...headers }
}

export type HeadFacts = Pick<Served, 'name' | 'etag' | 'modifiedMs' | 'headers'>

/** Of every answer with bytes of that state of the file, but their length and place. */
export function bytesHeaders(facts: HeadFacts): Headers {
  return { ...servedBytesHeaders(facts.name), ...cachingHeaders(facts) }
}

/** Names and values in turn, as `writeHead` takes them: the earlier ones where they are not said otherwise. */
export function headerPairs(earlier: Readonly<Record<string, unknown>>, headers: Headers): HeaderValue[] {
  const pairs: HeaderValue[] = []
  for (const name in earlier) {
    const value = earlier[name]
    if (headers[name] === undefined && value !== undefined) pairs.push(name, value as HeaderValue)
  }
  for (const name in headers) pairs.push(name, headers[name] ?? '')
  return pairs
}

type HeaderValue = string | number | string[]
