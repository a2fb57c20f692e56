import { connect, type Socket } from 'node:net'

/** What a frame says, whether or not it may: RFC 6455 §5.2. */
export interface RawFrame {
  readonly opcode: number
  readonly payload: Uint8Array
  readonly isFinal?: boolean
  /** RSV1 to RSV3, 0 to 7. */
  readonly reserved?: number
  /** Absent: not masked. */
  readonly mask?: Uint8Array | undefined
  /** What the header says, where it is not the payload's. */
  readonly declaredLength?: bigint
  /** More bytes for the length than it needs. */
  readonly isLengthLong?: boolean
}

export const MASK: Uint8Array = Uint8Array.of(0x12, 0x34, 0x56, 0x78)

export function encodeFrame(frame: RawFrame): Buffer {
  const { opcode, payload, isFinal = true, reserved = 0, mask, isLengthLong = false } = frame
  const length = frame.declaredLength ?? BigInt(payload.length)
  const first = (isFinal ? 0x80 : 0) | ((reserved & 7) << 4) | (opcode & 0xf)
  const masked = mask === undefined ? 0 : 0x80
  const body = Buffer.from(payload)
  if (mask !== undefined) for (let at = 0; at < body.length; at++) body[at] = (body[at] ?? 0) ^ (mask[at % 4] ?? 0)
  return Buffer.concat([Buffer.from([first]), lengthOf(length, masked, isLengthLong), mask ?? Buffer.alloc(0), body])
}

function lengthOf(length: bigint, masked: number, isLong: boolean): Buffer {
  if (length < 126n && !isLong) return Buffer.from([masked | Number(length)])
  if (length < 65_536n && !isLong) {
    const bytes = Buffer.from([masked | 126, 0, 0])
    bytes.writeUInt16BE(Number(length), 1)
    return bytes
  }
  const bytes = Buffer.alloc(9)
  bytes[0] = masked | 127
  bytes.writeBigUInt64BE(BigInt.asUintN(64, length), 1)
  return bytes
}

/** A client of the socket that speaks in bytes. */
export class RawSocket {
  readonly socket: Socket
  readonly closed: Promise<void>
  #received: Buffer = Buffer.alloc(0)
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data])
      this.#wake()
    })
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve()
        this.#wake()
      })
    })
  }

  /** Behind the handshake; what the server says first is still to be taken. */
  static async connect(port: number, token: string): Promise<RawSocket> {
    const raw = new RawSocket(connect(port, '127.0.0.1'))
    raw.socket.write(
      [
        'GET /api/v1/socket HTTP/1.1',
        'Host: localhost',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol: mapscope.v1',
        `Authorization: Bearer ${token}`,
        '\r\n',
      ].join('\r\n'),
    )
    await raw.#until(() => raw.#received.includes('\r\n\r\n'))
    const end = raw.#received.indexOf('\r\n\r\n') + 4
    const head = raw.#received.subarray(0, end).toString('latin1')
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(head)
    raw.#received = raw.#received.subarray(end)
    return raw
  }

  send(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes)
  }

  /** The next frame of the server, which sends whole ones without masks; undefined once the connection has ended. */
  async next(): Promise<{ opcode: number; payload: Buffer } | undefined> {
    await this.#until(() => this.#frameEnd() <= this.#received.length)
    const end = this.#frameEnd()
    if (end > this.#received.length) return undefined
    const opcode = (this.#received[0] ?? 0) & 0xf
    const payload = this.#received.subarray(end - this.#payloadLength(), end)
    this.#received = this.#received.subarray(end)
    return { opcode, payload }
  }

  /** The code of the server's close frame; undefined when the connection ended without one. */
  async closeCode(): Promise<number | undefined> {
    for (;;) {
      const frame = await this.next()
      if (frame === undefined) return undefined
      if (frame.opcode === 8) return frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0)
    }
  }

  #payloadLength(): number {
    const short = (this.#received[1] ?? 0) & 0x7f
    if (short < 126) return short
    if (short === 126) return this.#received.length < 4 ? Number.POSITIVE_INFINITY : this.#received.readUInt16BE(2)
    return this.#received.length < 10 ? Number.POSITIVE_INFINITY : Number(this.#received.readBigUInt64BE(2))
  }

  #frameEnd(): number {
    if (this.#received.length < 2) return Number.POSITIVE_INFINITY
    const short = (this.#received[1] ?? 0) & 0x7f
    return (short < 126 ? 2 : short === 126 ? 4 : 10) + this.#payloadLength()
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.socket.destroyed) await new Promise<void>((resolve) => (this.#wake = resolve))
  }
}
