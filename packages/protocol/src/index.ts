/**
 * Mapscope's wire: what goes over HTTP and over the socket, as schemas and as types.
 *
 * ```ts
 * import { decodeServerMessage } from '@mapscope/protocol'
 * const decoded = decodeServerMessage('{"type":"pong","id":1}')
 * ```
 */
export { decodeBase64, encodeBase64 } from './codec/base64.ts'
export type { Decoded } from './codec/messages.ts'
export { decodeClientMessage, decodeServerMessage, encodeMessage } from './codec/messages.ts'
export { decodeRanges, encodeRanges } from './codec/ranges.ts'
export {
  BytesQuery,
  DiskState,
  DocumentInfo,
  DocumentList,
  DocumentMode,
  DocumentParams,
  EditRequest,
  EditResult,
  MAX_EDIT_BYTE_LENGTH,
  OpenRequest,
  REVISION_HEADER,
  UNREADABLE_HEADER,
} from './documents.ts'
export type { ProblemCode } from './errors.ts'
export { PROBLEM_CODES, Problem } from './errors.ts'
export { FileEntry, FileList, FilePath, FilesQuery } from './files.ts'
export { ClientMessage, ServerMessage } from './messages.ts'
export { Base64, ByteRange, DocumentId, Offset } from './scalars.ts'
export { SearchDirection, SearchQuery } from './search.ts'
export { Health, SessionInfo, SessionRequest } from './session.ts'
export { API_PREFIX, CHUNK_BYTE_LENGTH, SOCKET_PROTOCOL } from './version.ts'
