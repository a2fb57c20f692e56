import Type from 'typebox'

/** Exchanges the link's token for a cookie. */
export const SessionRequest = Type.Object({ token: Type.String({ maxLength: 256 }) }, { additionalProperties: false })
export type SessionRequest = Type.Static<typeof SessionRequest>

export const SessionInfo = Type.Object({
  version: Type.String(),
  /** Whether the server was started with `--writable`. */
  isWritable: Type.Boolean(),
})
export type SessionInfo = Type.Static<typeof SessionInfo>

/** All that anyone may learn without the token. */
export const Health = Type.Object({ status: Type.Literal('ok') })
export type Health = Type.Static<typeof Health>
