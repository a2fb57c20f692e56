import {
  FRAME_FLAGS,
  FRAME_HEADER_BYTE_LENGTH,
  FRAME_TYPES,
  type Frame,
  type FrameHeader,
  type FrameType,
  MAX_FRAME_ID,
  MAX_FRAME_LENGTH,
  MAX_STREAM,
} from '../frames.ts'

const TWO_TO_32: number = 2 ** 32
const TYPE_OF_NUMBER: ReadonlyMap<number, FrameType> = new Map(
  (Object.keys(FRAME_TYPES) as FrameType[]).map((type) => [FRAME_TYPES[type], type]),
)
const KNOWN_FLAGS: number = FRAME_FLAGS.last | FRAME_FLAGS.stale

/** A frame, or why what came is none. */
export type DecodedFrame = { readonly frame: Frame } | { readonly problem: string }

/**
 * Writes a header into the 24 bytes of `target` from `at` on, little-endian. Arithmetic and not BigInt: this runs for every frame.
 *
 * @throws RangeError for a number that its field does not hold, or a target that is too short.
 */
export function writeFrameHeader(target: Uint8Array, header: FrameHeader, at = 0): void {
  const { type, isLast, isStale, stream, id, offset, length, generation } = header
  assertField('stream', stream, MAX_STREAM)
  assertField('id', id, MAX_FRAME_ID)
  assertField('offset', offset, Number.MAX_SAFE_INTEGER)
  assertField('length', length, MAX_FRAME_LENGTH)
  assertField('generation', generation, MAX_FRAME_LENGTH)
  if (at < 0 || target.length < at + FRAME_HEADER_BYTE_LENGTH) throw new RangeError('a frame header needs 24 bytes')
  target[at] = FRAME_TYPES[type]
  target[at + 1] = (isLast ? FRAME_FLAGS.last : 0) | (isStale ? FRAME_FLAGS.stale : 0)
  target[at + 2] = stream & 255
  target[at + 3] = stream >>> 8
  writeU32(target, at + 4, id)
  // Modulo 2^32, as `%` would have it, without a call.
  writeU32(target, at + 8, offset >>> 0)
  writeU32(target, at + 12, Math.floor(offset / TWO_TO_32))
  writeU32(target, at + 16, length)
  writeU32(target, at + 20, generation)
}

/** A whole frame. @throws RangeError as `writeFrameHeader`, and for a payload that is not what the header says. */
export function encodeFrame(header: FrameHeader, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  if (payload.length !== payloadByteLength(header)) {
    throw new RangeError(`a ${header.type} frame of length ${header.length} has no payload of ${payload.length} bytes`)
  }
  const bytes = new Uint8Array(FRAME_HEADER_BYTE_LENGTH + payload.length)
  writeFrameHeader(bytes, header)
  bytes.set(payload, FRAME_HEADER_BYTE_LENGTH)
  return bytes
}

/** Believes nothing: every field is checked, and the payload must be as long as the header says. */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  if (bytes.length < FRAME_HEADER_BYTE_LENGTH) return { problem: `${bytes.length} bytes are no frame` }
  const type = TYPE_OF_NUMBER.get(bytes[0] as number)
  if (type === undefined) return { problem: `${bytes[0]} is no type of frame` }
  const flags = bytes[1] as number
  if ((flags & ~KNOWN_FLAGS) !== 0) return { problem: `${flags} are no flags of a frame` }
  const offset = readU32(bytes, 12) * TWO_TO_32 + readU32(bytes, 8)
  const length = readU32(bytes, 16)
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(offset + length)) {
    return { problem: 'the frame lies beyond 2^53 - 1' }
  }
  const header: FrameHeader = {
    type,
    isLast: (flags & FRAME_FLAGS.last) !== 0,
    isStale: (flags & FRAME_FLAGS.stale) !== 0,
    stream: (bytes[2] as number) | ((bytes[3] as number) << 8),
    id: readU32(bytes, 4),
    offset,
    length,
    generation: readU32(bytes, 20),
  }
  const payload = bytes.subarray(FRAME_HEADER_BYTE_LENGTH)
  const expected = payloadByteLength(header)
  if (payload.length !== expected) return { problem: `${payload.length} bytes of payload instead of ${expected}` }
  return { frame: { header, payload } }
}

function payloadByteLength({ type, length }: Pick<FrameHeader, 'type' | 'length'>): number {
  return type === 'data' || type === 'patch' ? length : 0
}

function writeU32(target: Uint8Array, at: number, value: number): void {
  target[at] = value
  target[at + 1] = value >>> 8
  target[at + 2] = value >>> 16
  target[at + 3] = value >>> 24
}

function readU32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)
  return low + (bytes[at + 3] as number) * 2 ** 24
}

function assertField(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return
  throw new RangeError(`${value} is no ${name} of a frame: 0 to ${most}`)
}
