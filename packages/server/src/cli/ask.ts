import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { text } from 'node:stream/consumers'

export interface Question {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** POSTed as JSON; without one it is a GET. */
  readonly body?: object | undefined
  /** PEM of a certificate that is believed without anybody's signature; only then is no other believed. */
  readonly certificate?: string | undefined
  readonly signal: AbortSignal
}

export interface Reply {
  readonly status: number
  readonly text: string
}

/** Asks a server once. Not `fetch`, which cannot be told of a certificate without a package of its own. */
export async function ask({ url, headers, body, certificate, signal }: Question): Promise<Reply> {
  const isSecure = url.startsWith('https:')
  const content = body === undefined ? undefined : JSON.stringify(body)
  const contentHeaders = content === undefined ? {} : { 'content-type': 'application/json' }
  const options = {
    method: content === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...contentHeaders },
    signal,
    ...(certificate === undefined ? {} : { ca: certificate }),
  }
  const request = isSecure ? requestSecure(url, options) : requestPlain(url, options)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
    request.end(content)
  })
  return { status: response.statusCode ?? 0, text: await text(response) }
}
