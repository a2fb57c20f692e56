import type { Frame } from '@mapscope/protocol'

/** What frames say of a range, as bytes: -1 where they say nothing. For ranges that fit into memory. */
export function bytesOfFrames(frames: readonly Frame[], { start, end }: { start: number; end: number }): Int16Array {
  const bytes = new Int16Array(end - start).fill(-1)
  for (const { header, payload } of frames) {
    for (let at = 0; at < header.length; at++) {
      const place = header.offset + at - start
      if (place < 0 || place >= bytes.length) continue
      if (header.type === 'zero-run') bytes[place] = 0
      if (header.type === 'data' || header.type === 'patch') bytes[place] = payload[at] as number
    }
  }
  return bytes
}
