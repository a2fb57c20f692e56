import { Type } from './typebox.ts'

/** What lets a browser in: the link's token (or one of somebody's own), or a one-time code. */
export const SessionRequest = Type.Object(
  { token: Type.Optional(Type.String({ maxLength: 256 })), code: Type.Optional(Type.String({ maxLength: 256 })) },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
)
export type SessionRequest = Type.Static<typeof SessionRequest>

export const SessionInfo = Type.Object({
  version: Type.String(),
  /** Whether the server was started with `--writable`. */
  isWritable: Type.Boolean(),
  /** Who this session is, as the audit trail names it. */
  name: Type.String(),
  /** What it may do: each role may all that the ones before it may. */
  role: Type.Union([Type.Literal('view'), Type.Literal('annotate'), Type.Literal('edit'), Type.Literal('admin')]),
})
export type SessionInfo = Type.Static<typeof SessionInfo>

/** Opens `/?code=…` in a browser, once. */
export const LaunchCode = Type.Object({ code: Type.String() })
export type LaunchCode = Type.Static<typeof LaunchCode>

/** All that anyone may learn without the token. `closing`: it finishes what it has begun and takes nothing new. */
export const Health = Type.Object({ status: Type.Union([Type.Literal('ok'), Type.Literal('closing')]) })
export type Health = Type.Static<typeof Health>
