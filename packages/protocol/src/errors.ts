import { ByteRange, Offset } from './scalars.ts'
import { Type } from './typebox.ts'

/** Stable codes a client may branch on. The message beside them is for people and may change. */
export const PROBLEM_CODES = [
  'ERR_UNAUTHORIZED',
  'ERR_ROLE',
  'ERR_HOST_NOT_ALLOWED',
  'ERR_ORIGIN_NOT_ALLOWED',
  'ERR_REQUEST',
  'ERR_NOT_FOUND',
  'ERR_METHOD',
  'ERR_FORBIDDEN',
  'ERR_OUTSIDE_ROOTS',
  'ERR_NOT_A_FILE',
  'ERR_NOT_A_DIRECTORY',
  'ERR_READ_ONLY',
  'ERR_RANGE',
  'ERR_RANGE_NOT_SATISFIABLE',
  'ERR_PRECONDITION',
  'ERR_TOO_LARGE',
  'ERR_REVISION',
  'ERR_CONFLICT',
  'ERR_UNREADABLE',
  'ERR_UNSUPPORTED',
  'ERR_TOO_MANY',
  'ERR_CLOSING',
  'ERR_AUDIT',
  'ERR_TIMEOUT',
  'ERR_OS',
  'ERR_INTERNAL',
] as const

export type ProblemCode = (typeof PROBLEM_CODES)[number]

export const ProblemCodeSchema = Type.Enum([...PROBLEM_CODES])

/** RFC 9457 problem details, with our stable `code` and what some codes add. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: ProblemCodeSchema,
  /** `ERR_OS` and `ERR_FORBIDDEN`: the system's name of the error, as `EACCES`. */
  errno: Type.Optional(Type.String()),
  /** `ERR_REVISION`: the revision the document has now. */
  revision: Type.Optional(Type.Integer()),
  /** `ERR_UNREADABLE`: which of the bytes asked for are gone or cannot be read. */
  unreadable: Type.Optional(Type.Array(ByteRange)),
  /** `ERR_CONFLICT`: base64 of the bytes that are there instead of the expected ones. */
  present: Type.Optional(Type.String()),
  /** `ERR_UNREADABLE`: the file's size now. */
  presentByteLength: Type.Optional(Offset),
})
export type Problem = Type.Static<typeof Problem>
