import type { Handler } from './handler.ts'

export const ping: Handler<'ping'> = ({ id }, session) => session.send({ type: 'pong', id })
