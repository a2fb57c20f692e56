import type { FrameHeader } from '@mapscope/protocol'

/** Where a frame is made: memory for its payload, and what its header will say. */
export class FrameRoom {
  /** `byteLength` bytes of payload from `at` on, with room for the headers before. */
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  byteLength = 0
  /** Whether it lies in the slab, behind what waits there. */
  isShared = false
  /**
   * One object for all frames, and written field by field: an object literal for each one was found to cost more than the copy of the bytes, since
   * V8 made them of a shape that it had given up, and gave each the right one afterwards.
   */
  readonly header: { -readonly [Field in keyof FrameHeader]: FrameHeader[Field] } = {
    type: 'data',
    isLast: false,
    isStale: false,
    stream: 0,
    id: 0,
    offset: 0,
    length: 0,
    generation: 0,
  }
}
