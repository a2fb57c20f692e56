import { FilePath } from './files.ts'
import { Base64, DocumentId, Offset } from './scalars.ts'
import { Type } from './typebox.ts'

/** What editing does: nothing (the server has the file read-only), or store straight into the file. */
export const DocumentMode = Type.Union([Type.Literal('read-only'), Type.Literal('write-through')])
export type DocumentMode = Type.Static<typeof DocumentMode>

/**
 * How the file on disk relates to the document. `truncated`: bytes past `presentByteLength` are gone and read as unreadable.
 * `grown`: there are more bytes than the document shows. `replaced`: the path now names another file; `deleted`: none.
 * In each of these the document keeps its length until it is reloaded.
 */
export const DiskState = Type.Union([
  Type.Literal('current'),
  Type.Literal('truncated'),
  Type.Literal('grown'),
  Type.Literal('replaced'),
  Type.Literal('deleted'),
])
export type DiskState = Type.Static<typeof DiskState>

export const DocumentInfo = Type.Object({
  id: DocumentId,
  path: FilePath,
  name: Type.String(),
  /** Length of the document; fixed until a reload. */
  byteLength: Offset,
  /** The file's size now. */
  presentByteLength: Offset,
  disk: DiskState,
  /** Rises with every edit and every change noticed on disk; never falls while the document is open. */
  revision: Type.Integer({ minimum: 1 }),
  mode: DocumentMode,
  /** Why the mode is read-only, in words for the user. */
  readOnlyReason: Type.Optional(Type.String()),
})
export type DocumentInfo = Type.Static<typeof DocumentInfo>

export const DocumentList = Type.Object({ documents: Type.Array(DocumentInfo) })
export type DocumentList = Type.Static<typeof DocumentList>

export const OpenRequest = Type.Object({ path: FilePath }, { additionalProperties: false })
export type OpenRequest = Type.Static<typeof OpenRequest>

export const DocumentParams = Type.Object({ id: DocumentId })

/** `?revision=` pins the answer: another revision than the present one is refused with `ERR_REVISION`. */
export const BytesQuery = Type.Object({ revision: Type.Optional(Type.Integer({ minimum: 1 })) })

/** Overwrites bytes in place; never changes the length. */
export const EditRequest = Type.Object(
  {
    offset: Offset,
    bytes: Base64,
    /** Compare and swap: refused with `ERR_CONFLICT` unless these bytes are there now. Undo sends what it wrote. */
    expected: Type.Optional(Base64),
    /** The client id of `hello`, so that the tab that made an edit can tell it from the others'. */
    clientId: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
)
export type EditRequest = Type.Static<typeof EditRequest>

/** One edit carries at most this many bytes. */
export const MAX_EDIT_BYTE_LENGTH: number = 1024 * 1024

/** Sent after the bytes are stored and flushed. `replaced` is what was there: an undo writes it back. */
export const EditResult = Type.Object({ revision: Type.Integer(), offset: Offset, replaced: Base64 })
export type EditResult = Type.Static<typeof EditResult>

/**
 * Response header of bytes routes: half-open document ranges that cannot be read among those asked for, as
 * `4096-65536, 70000-70001`. The body then ends before the first of them (a shorter 206); ask again beyond it.
 */
export const UNREADABLE_HEADER = 'mapscope-unreadable'
/** Response header of bytes routes: the document's revision the bytes belong to. */
export const REVISION_HEADER = 'mapscope-revision'
