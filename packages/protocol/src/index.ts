/**
 * Mapscope's wire: what goes over HTTP and over the socket, as schemas and as types.
 *
 * ```ts
 * import { decodeServerMessage } from '@mapscope/protocol'
 * const decoded = decodeServerMessage('{"type":"pong","id":1}')
 * ```
 */
export { decodeBase64, encodeBase64 } from './codec/base64.ts'
export type { DecodedFrame } from './codec/frames.ts'
export { decodeFrame, encodeFrame, writeFrameHeader } from './codec/frames.ts'
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
export type { Frame, FrameHeader, FrameType } from './frames.ts'
export {
  FRAME_FLAGS,
  FRAME_HEADER_BYTE_LENGTH,
  FRAME_TYPES,
  frameRange,
  MAX_FRAME_ID,
  MAX_FRAME_LENGTH,
  MAX_STREAM,
} from './frames.ts'
export type { JobKindName } from './jobs.ts'
export {
  AnalysisRequest,
  CountJob,
  DiffJob,
  EntropyJob,
  ExportJob,
  HashJob,
  HistogramJob,
  IdentifyJob,
  JobDensity,
  JobDensityQuery,
  JobDetail,
  JobInfo,
  JobList,
  JobParams,
  JobRequest,
  JobResults,
  JobResultsQuery,
  JobRow,
  JobState,
  JobSummary,
  MAX_JOB_ROWS,
  SaveJob,
  SearchesRequest,
  SearchJob,
  StringsJob,
  SweepJob,
} from './jobs.ts'
export { ClientMessage, MissedChange, ServerMessage } from './messages.ts'
export { SOCKET_LIMITS, WATCH_BLOCK_BYTE_LENGTH } from './reading.ts'
export { Base64, ByteRange, DocumentId, Offset } from './scalars.ts'
export { MAX_NEEDLE_LIST_LENGTH, SearchDirection, SearchQuery } from './search.ts'
export { Health, LaunchCode, SessionInfo, SessionRequest } from './session.ts'
export { API_PREFIX, CHUNK_BYTE_LENGTH, SOCKET_PROTOCOL, SOCKET_UNAUTHORIZED } from './version.ts'
