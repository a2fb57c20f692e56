import type { ServerResponse } from 'node:http'

/** Bytes that are there to be sent, with what they hold until then. */
export interface Body {
  /** How much of a mapping is held until its client has taken it. */
  readonly lentByteLength: number
  /** Up to where the system has taken them. */
  readonly handedEnd: number
  /** The file changed while they were sent: the connection was broken. */
  readonly isChanged: boolean
  /** Writes the head and the bytes and ends the response. */
  send(response: ServerResponse, head: string): void
  /** Once, when the response is closed. */
  release(): void
}
