import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** Whether a WebSocket is among what the client would change to. Any other wish may be passed over (RFC 9110 §7.8), as `curl --http2` counts on. */
export function asksForWebsocket({ upgrade }: IncomingHttpHeaders): boolean {
  return upgrade !== undefined && /\bwebsocket\b/i.test(upgrade)
}

/** Whether the connection has left HTTP's parser: Node then reads no body of it, and looks after it no more. */
export function hasLeftParser(request: IncomingMessage): boolean {
  return (request as { readonly upgrade?: boolean | null }).upgrade === true
}
