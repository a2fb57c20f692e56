import { type ByteRange, decodeRanges, REVISION_HEADER, UNREADABLE_HEADER } from '@mapscope/protocol'
import { ClientError } from './client_error.ts'

/** What was asked for: a range of one revision of a document of a known length. */
export interface BytesRequest {
  readonly documentId: string
  readonly revision: number
  readonly byteLength: number
  readonly range: ByteRange
}

/**
 * True bytes from `range.start` on, possibly fewer than asked for (then something unreadable, or nothing, follows and the rest
 * is asked for again), and which ranges nobody can read at this revision.
 */
export interface BytesReply {
  readonly bytes: Uint8Array
  readonly unreadable: readonly ByteRange[]
}

/**
 * Takes a successful answer apart and believes none of it: a cache or proxy between us that ignores `Range` answers 200 with
 * the whole file, and painting that from the range's offset on would show wrong bytes without a word. So: 206 with the
 * `Content-Range` asked for, or 200 when that is exactly the whole document; anything else has its body cancelled.
 */
export async function readBytesReply(response: Response, request: BytesRequest): Promise<BytesReply> {
  try {
    const expected = expectedByteLength(response, request)
    const unreadable = unreadableOf(response)
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (bytes.length !== expected) throw protocolError(`${bytes.length} bytes where ${expected} were announced`)
    if (bytes.length === 0 && unreadable.length === 0) throw protocolError('no bytes at all')
    return { bytes, unreadable }
  } catch (error) {
    if (!response.bodyUsed) await response.body?.cancel().catch(() => {})
    throw error
  }
}

function expectedByteLength(response: Response, request: BytesRequest): number {
  const revision = response.headers.get(REVISION_HEADER)
  if (revision !== String(request.revision)) {
    throw protocolError(`revision ${revision ?? 'unknown'} where ${request.revision} was asked for`)
  }
  const { start, end } = request.range
  if (response.status === 200) {
    const isWhole = start === 0 && end === request.byteLength
    if (isWhole && response.headers.get('content-length') === String(end)) return end
    throw protocolError('the whole file where a range was asked for')
  }
  const text = response.headers.get('content-range') ?? 'none'
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(text)
  const first = Number(match?.[1])
  const last = Number(match?.[2])
  const isOurs = first === start && last >= first && last < end && Number(match?.[3]) === request.byteLength
  if (response.status !== 206 || !isOurs) {
    throw protocolError(
      `status ${response.status}, Content-Range ${text} where bytes ${start}-${end - 1} were asked for`,
    )
  }
  return last + 1 - first
}

function unreadableOf(response: Response): ByteRange[] {
  try {
    return decodeRanges(response.headers.get(UNREADABLE_HEADER) ?? '')
  } catch (cause) {
    throw new ClientError('ERR_PROTOCOL', `The server's list of unreadable bytes makes no sense.`, { cause })
  }
}

function protocolError(what: string): ClientError {
  return new ClientError('ERR_PROTOCOL', `The server's answer is not the bytes asked for: ${what}.`)
}
