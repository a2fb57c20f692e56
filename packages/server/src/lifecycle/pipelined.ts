import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const waiting: WeakMap<Socket, Set<ServerResponse>> = new WeakMap()

/**
 * Has an answer end with its connection, also one that waits behind another. Node tells it only to the answer that has the connection: those of
 * requests sent ahead (pipelined) would never close, and keep what they hold for ever.
 */
export function closeWithConnection({ socket }: IncomingMessage, answer: ServerResponse): void {
  if (answer.socket !== null) return
  const answers = waiting.get(socket) ?? new Set()
  if (!waiting.has(socket)) {
    waiting.set(socket, answers)
    socket.once('close', () => closeAll(answers))
  }
  answers.add(answer)
  answer.once('close', () => answers.delete(answer))
}

function closeAll(answers: ReadonlySet<ServerResponse>): void {
  for (const answer of answers) {
    if (answer.destroyed) continue
    answer.destroyed = true
    answer.emit('close')
  }
}
