import type { Handler } from './handler.ts'

export const credit: Handler<'credit'> = ({ stream, byteLength }, session) => {
  session.credits.give(stream, byteLength)
  session.reads.pump()
}
