import type { ClientMessage } from '@mapscope/protocol'
import type { SocketSession } from '../session.ts'
import { cancel } from './cancel.ts'
import { close } from './close.ts'
import { credit } from './credit.ts'
import type { Handler } from './handler.ts'
import { open } from './open.ts'
import { ping } from './ping.ts'
import { read } from './read.ts'
import { search } from './search.ts'
import { unwatch } from './unwatch.ts'
import { watch } from './watch.ts'
import { watchJobs } from './watch_jobs.ts'

/** One more message: a variant in the protocol, a file beside this one, a row here. */
const handlers: { readonly [T in ClientMessage['type']]: Handler<T> } = {
  open,
  close,
  search,
  cancel,
  ping,
  read,
  credit,
  watch,
  unwatch,
  watchJobs,
}

/** Not async itself: a promise for each of 45,000 reads a second would be made for nothing. */
export function handle(message: ClientMessage, session: SocketSession): void | Promise<void> {
  return dispatch(message, session)
}

/** Generic, so that the compiler sees the handler and its message as one kind. */
function dispatch<T extends ClientMessage['type']>(
  message: Extract<ClientMessage, { type: T }>,
  session: SocketSession,
): void | Promise<void> {
  const handler: Handler<T> = handlers[message.type as T]
  return handler(message, session)
}
