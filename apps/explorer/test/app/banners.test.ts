import type { DocumentInfo } from '@mapscope/protocol'
import { describe, expect, it } from 'vitest'
import { bannersOf } from '../../src/app/banners.ts'
import { formatPercent, formatSize } from '../../src/ui/format.ts'

const info: DocumentInfo = {
  id: 'document1',
  path: 'f',
  name: 'f',
  byteLength: 8192,
  presentByteLength: 8192,
  disk: 'current',
  revision: 1,
  mode: 'read-only',
}
const facts = {
  info,
  socket: { kind: 'connecting' },
  isDenied: false,
  isLost: false,
  pendingEdits: 0,
  nowMs: 0,
} as const

describe('banners', () => {
  it('are absent while all is well', () => {
    expect(bannersOf(facts)).toEqual([])
  })

  it('say which bytes are gone', () => {
    const banners = bannersOf({ ...facts, info: { ...info, disk: 'truncated', presentByteLength: 4096 } })
    expect(banners).toMatchObject([{ kind: 'truncated', action: { does: 'reload' } }])
    expect(banners[0]?.text).toBe('The file was cut. Bytes from 0x00001000 on are gone; the file now has 4,096 bytes.')
  })

  it('say for as long as it lasts that the server has not got the file, instead of how it was on disk', () => {
    const banners = bannersOf({ ...facts, info: { ...info, disk: 'deleted' }, isLost: true })
    expect(banners).toMatchObject([{ kind: 'lost', action: { title: 'Try again', does: 'reattach' } }])
  })

  it('count down to the next attempt, and keep waiting edits in sight', () => {
    const socket = { kind: 'waiting', retryAtMs: 4_200 } as const
    const banners = bannersOf({ ...facts, socket, pendingEdits: 2 })
    expect(banners.map(({ kind }) => kind)).toEqual(['disconnected', 'edits-waiting'])
    expect(banners[0]?.text).toContain('5 s')
    expect(banners[1]?.text).toContain('2 edits wait')
  })
})

describe('numbers for people', () => {
  it('shows sizes with three digits that matter', () => {
    expect([0, 1, 1023, 1024, 1536, 15 * 2 ** 40, 2 ** 53 - 1].map(formatSize)).toEqual([
      '0 bytes',
      '1 byte',
      '1023 bytes',
      '1 KiB',
      '1.5 KiB',
      '15 TiB',
      '8 PiB',
    ])
  })

  it('says 100% only of the last byte', () => {
    const byteLength = 15 * 2 ** 40
    expect(formatPercent(byteLength - 1, byteLength)).toBe('100%')
    expect(formatPercent(byteLength - 2, byteLength)).toBe('99.99%')
    expect(formatPercent(0, 1)).toBe('0%')
  })
})
