import { describe, expect, test } from 'vitest'
import {
  decodeFrame,
  encodeFrame,
  FRAME_HEADER_BYTE_LENGTH,
  FRAME_TYPES,
  type FrameHeader,
  type FrameType,
  writeFrameHeader,
} from '../src/index.ts'

const header: FrameHeader = {
  type: 'data',
  isLast: true,
  isStale: false,
  stream: 0x0102,
  id: 0x0a0b0c0d,
  offset: 0x0000_0005_1122_3344,
  length: 3,
  generation: 0xfffffffe,
}

test('the bytes are where the page says', () => {
  const bytes = encodeFrame(header, Uint8Array.of(7, 8, 9))
  expect(Buffer.from(bytes).toString('hex')).toBe(
    ['01', '01', '0201', '0d0c0b0a', '4433221105000000', '03000000', 'feffffff', '070809'].join(''),
  )
})

test.each([0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 5 * 1024 ** 3, 15 * 1024 ** 4, Number.MAX_SAFE_INTEGER - 3])(
  'offset %d survives the wire',
  (offset) => {
    const decoded = decodeFrame(encodeFrame({ ...header, offset }, Uint8Array.of(1, 2, 3)))
    expect(decoded).toEqual({ frame: { header: { ...header, offset }, payload: Uint8Array.of(1, 2, 3) } })
  },
)

test.each(Object.keys(FRAME_TYPES) as FrameType[])('%s, with every flag', (type) => {
  for (const isLast of [false, true])
    for (const isStale of [false, true]) {
      const length = type === 'zero-run' ? 2 ** 32 - 1 : 0
      const sent = {
        ...header,
        type,
        isLast,
        isStale,
        length,
        id: 2 ** 32 - 1,
        stream: 65_535,
        generation: 2 ** 32 - 1,
      }
      expect(decodeFrame(encodeFrame(sent))).toEqual({ frame: { header: sent, payload: new Uint8Array(0) } })
    }
})

/** The stupid oracle: the same layout by DataView and BigInt. */
function plain(sent: FrameHeader): Uint8Array {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, FRAME_TYPES[sent.type])
  view.setUint8(1, (sent.isLast ? 1 : 0) + (sent.isStale ? 2 : 0))
  view.setUint16(2, sent.stream, true)
  view.setUint32(4, sent.id, true)
  view.setBigUint64(8, BigInt(sent.offset), true)
  view.setUint32(16, sent.length, true)
  view.setUint32(20, sent.generation, true)
  return bytes
}

test('a header goes where it is told to, past everything else, or nowhere', () => {
  const empty: FrameHeader = { ...header, type: 'zero-run' }
  const target = new Uint8Array(40).fill(0xee)
  writeFrameHeader(target, empty, 9)
  expect(target.subarray(9, 9 + FRAME_HEADER_BYTE_LENGTH)).toEqual(encodeFrame(empty))
  expect([...target.subarray(0, 9), ...target.subarray(33)]).toEqual(Array.from({ length: 16 }, () => 0xee))
  for (const at of [-1, 17, 40]) expect(() => writeFrameHeader(target, empty, at)).toThrow(RangeError)
})

test('random headers, against DataView', () => {
  const seed = Number(process.env['MAPSCOPE_SEED'] ?? 1123)
  let state = seed
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  for (let n = 0; n < 20_000; n++) {
    const sent: FrameHeader = {
      type: random() < 0.5 ? 'zero-run' : 'end',
      isLast: random() < 0.5,
      isStale: random() < 0.5,
      stream: Math.floor(random() * 2 ** 16),
      id: Math.floor(random() * 2 ** 32),
      offset: Math.floor(random() * 2 ** Math.floor(random() * 53)),
      length: Math.floor(random() * 2 ** 32),
      generation: Math.floor(random() * 2 ** 32),
    }
    expect(encodeFrame(sent), `seed ${seed}, case ${n}`).toEqual(plain(sent))
    expect(decodeFrame(plain(sent)), `seed ${seed}, case ${n}`).toMatchObject({ frame: { header: sent } })
  }
})

describe('refused', () => {
  const bytes = encodeFrame(header, Uint8Array.of(7, 8, 9))
  test.each([
    ['shorter than a header', bytes.subarray(0, 23)],
    ['nothing', new Uint8Array(0)],
    ['a payload cut short', bytes.subarray(0, 26)],
    ['a byte too many', Uint8Array.of(...bytes, 0)],
    ['type 0', Uint8Array.of(0, ...bytes.subarray(1))],
    ['type 5', Uint8Array.of(5, ...bytes.subarray(1))],
    ['an unknown flag', Uint8Array.of(1, 4, ...bytes.subarray(2))],
    ['an offset of 2^53', plain({ ...header, type: 'end', offset: 2 ** 53 })],
    ['an end beyond 2^53', plain({ ...header, type: 'zero-run', offset: Number.MAX_SAFE_INTEGER, length: 1 })],
    ['a run of zeros with a payload', Uint8Array.of(...plain({ ...header, type: 'zero-run' }), 0, 0, 0)],
  ])('%s', (_what, sent) => {
    expect(decodeFrame(sent)).toHaveProperty('problem')
  })

  test.each([
    { stream: 65_536 },
    { stream: -1 },
    { id: 2 ** 32 },
    { offset: 2 ** 53 },
    { offset: 0.5 },
    { length: 2 ** 32 },
    { generation: Number.NaN },
  ])('to be written: %o', (field) => {
    expect(() => encodeFrame({ ...header, type: 'end', ...field })).toThrow(RangeError)
  })

  test('a payload that the header does not announce', () => {
    expect(() => encodeFrame(header, Uint8Array.of(1))).toThrow(RangeError)
    expect(() => encodeFrame({ ...header, type: 'end' }, Uint8Array.of(1))).toThrow(RangeError)
  })
})
