import type { DocumentInfo, EditRequest, EditResult, MissedChange, ProblemCode } from '@mapscope/protocol'
import { decodeBase64, encodeBase64 } from '@mapscope/protocol'
import type { BytesReply, BytesRequest } from '../../src/client/bytes_reply.ts'
import { ClientError } from '../../src/client/client_error.ts'
import type { ChangedMessage, Opened } from '../../src/client/socket.ts'
import type { Random } from './random.ts'

interface Call {
  /** Runs on the server: reads or stores now. */
  readonly process: () => void
  isProcessed: boolean
  /** Brings the answer to the client. */
  readonly deliver: () => void
}

/**
 * The other side of a session: bytes with revisions, where every request is processed and every answer and event delivered
 * at a moment of the test's choosing. Events keep their order, as on a socket; answers keep none, as over several connections.
 */
export class ModelServer {
  bytes: Uint8Array
  revision = 1
  id = 'document1'
  /** Bytes of every revision there ever was. */
  readonly snapshots = new Map<number, Uint8Array>()
  readonly calls: Call[] = []
  readonly events: ChangedMessage[] = []
  readonly changes: MissedChange[] = []
  isReachable = true
  /** An answer may hold fewer bytes than were asked for. */
  maxReadByteLength: number = Number.MAX_SAFE_INTEGER
  disk: DocumentInfo['disk'] = 'current'

  constructor(bytes: Uint8Array) {
    this.bytes = bytes.slice()
    this.snapshots.set(1, bytes.slice())
  }

  info(): DocumentInfo {
    const byteLength = this.bytes.length
    return {
      id: this.id,
      path: 'root/file',
      name: 'file',
      byteLength,
      presentByteLength: byteLength,
      disk: this.disk,
      revision: this.revision,
      mode: 'write-through',
    }
  }

  /** Someone else stores bytes. */
  store(offset: number, bytes: Uint8Array, clientId?: string): void {
    this.bytes.set(bytes, offset)
    this.revision++
    this.snapshots.set(this.revision, this.bytes.slice())
    const change = {
      cause: clientId === undefined ? ('disk' as const) : ('edit' as const),
      ranges: [{ start: offset, end: offset + bytes.length }],
      ...(clientId === undefined ? {} : { clientId }),
    }
    this.changes.push({ ...change, revision: this.revision })
    this.events.push({ type: 'changed', document: this.info(), ...change })
  }

  /** What `open` answers; the events that are on their way were of another connection. */
  open(revision: number | undefined): Opened {
    this.events.splice(0)
    const missed = this.changes.filter((change) => revision !== undefined && change.revision > revision)
    return { document: this.info(), ...(revision === undefined ? {} : { missed }) }
  }

  readBytes = (request: BytesRequest, options: { signal?: AbortSignal | undefined } = {}): Promise<BytesReply> =>
    this.#call(options.signal, () => {
      if (request.revision !== this.revision) throw problem('ERR_REVISION', 409, { revision: this.revision })
      const { start, end } = request.range
      return { bytes: this.bytes.slice(start, Math.min(end, start + this.maxReadByteLength)), unreadable: [] }
    })

  getDocument = (): Promise<DocumentInfo> => this.#call(undefined, () => this.info())

  edit = (_id: string, request: EditRequest): Promise<EditResult> =>
    this.#call(undefined, () => {
      const bytes = decodeBase64(request.bytes)
      const present = this.bytes.slice(request.offset, request.offset + bytes.length)
      const expected = request.expected === undefined ? present : decodeBase64(request.expected)
      if (!present.every((byte, i) => byte === expected[i])) {
        throw problem('ERR_CONFLICT', 409, { present: encodeBase64(present) })
      }
      this.store(request.offset, bytes, request.clientId)
      return { revision: this.revision, offset: request.offset, replaced: encodeBase64(present) }
    })

  /** Processes or delivers one random call; false when there is none. */
  advance(random: Random): boolean {
    if (this.calls.length === 0) return false
    const call = random.pick(this.calls)
    if (!call.isProcessed) {
      call.isProcessed = true
      call.process()
    } else {
      this.calls.splice(this.calls.indexOf(call), 1)
      call.deliver()
    }
    return true
  }

  #call<T>(signal: AbortSignal | undefined, run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let deliver = () => {}
      const call: Call = {
        isProcessed: false,
        process: () => {
          try {
            if (!this.isReachable) throw new ClientError('ERR_NETWORK', 'not there')
            const value = run()
            deliver = () => resolve(value)
          } catch (error) {
            deliver = () => reject(error)
          }
        },
        deliver: () => {
          signal?.removeEventListener('abort', onAbort)
          deliver()
        },
      }
      const onAbort = () => {
        const at = this.calls.indexOf(call)
        if (at >= 0) this.calls.splice(at, 1)
        reject(signal?.reason)
      }
      this.calls.push(call)
      signal?.addEventListener('abort', onAbort)
    })
  }
}

function problem(code: ProblemCode, status: number, extras: object): ClientError {
  return new ClientError(code, code, { problem: { type: 'x', title: code, status, detail: code, code, ...extras } })
}
