import type { ServerResponse } from 'node:http'
import type { ByteSource, Chunk } from '@mapscope/core/shared'
import type { ByteRange } from '@mapscope/protocol'

/**
 * How much is read and held at once for one client. A stalled one costs this much; a 1 MiB window measured no faster, and
 * a small one leaves the event loop to others between two.
 */
export const WINDOW_BYTE_LENGTH: number = 512 * 1024

export interface Streaming {
  readonly source: ByteSource
  readonly range: ByteRange
  /** The window already read, at the start of the range. */
  readonly first: Chunk
  isCurrent(): boolean
  /** Aborted when the client goes. */
  readonly signal: AbortSignal
}

/**
 * Writes a range to a response whose head is already written. Never holds more than one window; waits for a slow client;
 * breaks the connection instead of sending a byte that cannot be read or belongs to another state of the file, which is the
 * only way left to say so once a length is promised.
 */
export async function streamRange(response: ServerResponse, streaming: Streaming): Promise<void> {
  try {
    const isComplete = await writeWindows(response, streaming)
    if (isComplete) response.end()
    else response.destroy()
  } catch {
    // The client has gone, or the source was closed under us (a shutdown): nobody is left to be told.
    response.destroy()
  }
}

async function writeWindows(response: ServerResponse, streaming: Streaming): Promise<boolean> {
  const { source, range, signal } = streaming
  let chunk = streaming.first
  for (;;) {
    const end = Math.min(chunk.offset + chunk.bytes.length, range.end)
    const readableEnd = Math.min(chunk.unreadable[0]?.start ?? end, end)
    const bytes = chunk.bytes.subarray(0, readableEnd - chunk.offset)
    if (!streaming.isCurrent()) return false
    if (readableEnd < end) {
      // Breaking off drops what is not sent yet; the readable bytes before the gap are to arrive.
      await flushed(response, bytes, signal)
      return false
    }
    if (!response.write(bytes)) await drained(response, signal)
    if (end >= range.end) return true
    // On a fast connection every write succeeds at once: without this the loop would never let anyone else in.
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
    chunk = await source.read(end, Math.min(WINDOW_BYTE_LENGTH, range.end - end), { signal })
  }
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return settled(signal, (resolve) => response.once('drain', resolve))
}

function flushed(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  return settled(signal, (resolve) => response.write(bytes, resolve))
}

/** Waits for what `start` sets going, or for the client to go. */
function settled(signal: AbortSignal, start: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    start(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
  })
}
