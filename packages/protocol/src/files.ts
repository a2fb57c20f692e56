import { Offset } from './scalars.ts'
import { Type } from './typebox.ts'

/**
 * Paths on the wire are `<root name>/<path below it>`, with `/` between; the empty path is the list of the roots. They never
 * name a place of the server's machine.
 */
export const FilePath = Type.String({ maxLength: 8192 })

export const FileEntry = Type.Object({
  name: Type.String(),
  path: FilePath,
  kind: Type.Union([Type.Literal('file'), Type.Literal('directory'), Type.Literal('other')]),
  /** Absent for anything but files. */
  byteLength: Type.Optional(Offset),
  modifiedMs: Type.Optional(Type.Number()),
  /** Why it cannot be opened, in words, where that is known without trying. */
  refusal: Type.Optional(Type.String()),
})
export type FileEntry = Type.Static<typeof FileEntry>

export const FilesQuery = Type.Object({ path: Type.Optional(FilePath) })

export const FileList = Type.Object({
  path: FilePath,
  /** Directories first, each kind by name. */
  entries: Type.Array(FileEntry),
  /** True when the folder holds more than is listed. */
  isTruncated: Type.Boolean(),
})
export type FileList = Type.Static<typeof FileList>
