import { DiskState } from './documents.ts'
import { Problem } from './errors.ts'
import { FilePath } from './files.ts'
import { ByteRange, DocumentId, Offset } from './scalars.ts'
import { SearchDirection, SearchQuery } from './search.ts'
import { Type } from './typebox.ts'

const closed = { additionalProperties: false }

/** What every request for a job may say. */
const common = {
  /** Default: the whole document. */
  range: Type.Optional(ByteRange),
  /** The client id of `hello`: the clients of one principal take turns. */
  clientId: Type.Optional(Type.String({ maxLength: 64 })),
  /** Goes on when the file changes meanwhile, and says so in `hasChanged`. Default: the job fails, for its results would be of no one state. */
  isLive: Type.Optional(Type.Boolean()),
}

const count = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

const searching = {
  query: SearchQuery,
  /** Only hits whose offset is a multiple of it. */
  alignment: Type.Optional(count),
  isOverlapping: Type.Optional(Type.Boolean()),
}

const searchMembers = { ...searching, direction: Type.Optional(SearchDirection), limit: Type.Optional(count) }

const algorithms = Type.Optional(
  Type.Array(
    Type.Union([
      Type.Literal('md5'),
      Type.Literal('sha1'),
      Type.Literal('sha256'),
      Type.Literal('sha512'),
      Type.Literal('crc32'),
      Type.Literal('xxh64'),
      Type.Literal('xxh3'),
      Type.Literal('xxh128'),
      Type.Literal('blake3'),
    ]),
    { minItems: 1, maxItems: 9, uniqueItems: true },
  ),
)

/** Every hit of a query. Rows: `offset`, `byteLength`, and `which` needle of a list. */
export const SearchJob = Type.Object({ kind: Type.Literal('search'), ...searchMembers, ...common }, closed)

/** What `…/searches` takes: a search job without its kind. */
export const SearchesRequest = Type.Object({ ...searchMembers, ...common }, closed)
export type SearchesRequest = Type.Static<typeof SearchesRequest>

/** How many hits a query has. No rows; the summary says it. */
export const CountJob = Type.Object({ kind: Type.Literal('count'), ...searching, ...common }, closed)

/** Where strings are. Rows: `offset`, `byteLength`; the texts are bytes of the document. */
export const StringsJob = Type.Object(
  {
    kind: Type.Literal('strings'),
    encoding: Type.Optional(
      Type.Union([Type.Literal('ascii'), Type.Literal('utf8'), Type.Literal('utf16le'), Type.Literal('utf16be')]),
    ),
    minLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 1024 ** 2 })),
    ...common,
  },
  closed,
)

/** Entropy and classes of bytes, by blocks. Rows: `offset`, `byteLength`, `entropy`, `classes`. */
export const EntropyJob = Type.Object(
  {
    kind: Type.Literal('entropy'),
    blockByteLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 32 - 1 })),
    ...common,
  },
  closed,
)

/** How often each byte occurs. No rows. */
export const HistogramJob = Type.Object({ kind: Type.Literal('histogram'), ...common }, closed)

/** Digests of the range, or with `chunkByteLength` of its pieces as rows: `offset`, `byteLength`, `digests`. */
export const HashJob = Type.Object(
  {
    kind: Type.Literal('hash'),
    algorithms,
    chunkByteLength: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    ...common,
  },
  closed,
)

/**
 * What differs from another document: at the same offsets (rows `offset`, `byteLength`, `difference` of `changed`, `only-here` or
 * `only-there`), or aligned for insertions and deletions (rows `offset`, `byteLength`, `otherOffset`, `otherByteLength`, `difference`).
 */
export const DiffJob = Type.Object(
  {
    kind: Type.Literal('diff'),
    otherDocumentId: DocumentId,
    isAligned: Type.Optional(Type.Boolean()),
    ...common,
  },
  closed,
)

/** What the document is by its bytes, at the start of the range. Rows as of `sweep`. */
export const IdentifyJob = Type.Object({ kind: Type.Literal('identify'), ...common }, closed)

/** Every known format that begins in the range. Rows: `offset`, `byteLength` where it is known, `name`, `title`, `extension`, `mime`. */
export const SweepJob = Type.Object({ kind: Type.Literal('sweep'), ...common }, closed)

/** A range by reference: no byte is stored; the summary is a manifest with its digests and where to get the bytes. */
export const ExportJob = Type.Object({ kind: Type.Literal('export'), algorithms, ...common }, closed)

/** Waits until every edit asked for before is stored and flushed, and names the state of the file then. */
export const SaveJob = Type.Object({ kind: Type.Literal('save'), ...common }, closed)

export const JobRequest = Type.Union([
  SearchJob,
  CountJob,
  StringsJob,
  EntropyJob,
  HistogramJob,
  HashJob,
  DiffJob,
  IdentifyJob,
  SweepJob,
  ExportJob,
  SaveJob,
])
export type JobRequest = Type.Static<typeof JobRequest>
export type JobKindName = JobRequest['kind']

/** What `…/analysis` takes: every kind that looks at bytes without looking for something. */
export const AnalysisRequest = Type.Union([
  CountJob,
  StringsJob,
  EntropyJob,
  HistogramJob,
  HashJob,
  DiffJob,
  IdentifyJob,
  SweepJob,
])
export type AnalysisRequest = Type.Static<typeof AnalysisRequest>

export const JobState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type JobState = Type.Static<typeof JobState>

const Digests = Type.Record(Type.String(), Type.String())

/** What a kind has to say beside its rows. */
export const JobSummary = Type.Union([
  Type.Object({ kind: Type.Literal('count'), count: Offset }),
  Type.Object({
    kind: Type.Literal('histogram'),
    counts: Type.Array(Offset),
    byteLength: Offset,
    /** Bits a byte; null where nothing could be read. */
    entropy: Type.Union([Type.Number(), Type.Null()]),
  }),
  Type.Object({ kind: Type.Literal('hash'), digests: Digests }),
  Type.Object({
    kind: Type.Literal('manifest'),
    path: FilePath,
    documentByteLength: Offset,
    range: ByteRange,
    digests: Digests,
    /** Where the bytes are, as long as this document is open: a path of this server. */
    url: Type.String(),
    /** The `Range` header to send; absent for an empty range. */
    rangeHeader: Type.Optional(Type.String()),
    /** The revision they were hashed of; send it as `?revision=` to be refused any other. */
    revision: Type.Integer(),
    /** Of the file: device, inode, length and times. */
    generation: Type.String(),
  }),
  Type.Object({
    kind: Type.Literal('saved'),
    path: FilePath,
    documentByteLength: Offset,
    /** Bytes that edits have stored in the file since the server that says so opened it; each was flushed before it was answered. */
    storedByteLength: Offset,
    /** Whether the path still names that file, and all of it: else what was stored is not what the path shows. */
    disk: DiskState,
    /** Of the document, as this server counts; it begins anew with every server. */
    revision: Type.Integer(),
    /** Of the file: device, inode, length and times. */
    generation: Type.String(),
  }),
])
export type JobSummary = Type.Static<typeof JobSummary>

export const JobInfo = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  documentId: DocumentId,
  path: FilePath,
  principal: Type.String(),
  state: JobState,
  createdMs: Type.Number(),
  startedMs: Type.Optional(Type.Number()),
  endedMs: Type.Optional(Type.Number()),
  range: ByteRange,
  /** Bytes that are settled, of how many. */
  scanned: Offset,
  total: Offset,
  /** Parts that are checkpointed, of how many; absent until the file was looked at. */
  shards: Type.Optional(Type.Object({ done: Offset, count: Offset })),
  /** Rows that can be taken by now. */
  rowCount: Offset,
  /** Why a job that is done does not have all rows: the limit asked for, or no room for more. */
  cutBy: Type.Optional(Type.Union([Type.Literal('limit'), Type.Literal('space')])),
  /** What could not be read: sorted, disjoint; when there are more than 1,024 ranges, the first ones. */
  unreadable: Type.Array(ByteRange),
  /** The file changed while a live job ran. */
  hasChanged: Type.Boolean(),
  summary: Type.Optional(JobSummary),
  /** Why it failed, or was cancelled though nobody asked for that: the token of whoever did was taken back (`ERR_UNAUTHORIZED`), or its role lowered (`ERR_ROLE`). */
  problem: Type.Optional(Problem),
})
export type JobInfo = Type.Static<typeof JobInfo>

/** A job with what was asked for. */
export const JobDetail = Type.Object({ ...JobInfo.properties, request: JobRequest })
export type JobDetail = Type.Static<typeof JobDetail>

export const JobList = Type.Object({ jobs: Type.Array(JobInfo) })
export type JobList = Type.Static<typeof JobList>

export const JobParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }) })

/** Most rows of one page. */
export const MAX_JOB_ROWS = 10_000

export const JobRow = Type.Object({
  offset: Offset,
  /** Absent where a format does not tell. */
  byteLength: Type.Optional(Offset),
  which: Type.Optional(Offset),
  entropy: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  /** Bytes of each class: zero, control, text, high, full. */
  classes: Type.Optional(Type.Array(Offset)),
  digests: Type.Optional(Digests),
  difference: Type.Optional(Type.String()),
  otherOffset: Type.Optional(Offset),
  otherByteLength: Type.Optional(Offset),
  name: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  extension: Type.Optional(Type.String()),
  mime: Type.Optional(Type.String()),
})
export type JobRow = Type.Static<typeof JobRow>

/** By index (`start`), or from the first row at or behind `offset`. */
export const JobResultsQuery = Type.Object({
  start: Type.Optional(Offset),
  offset: Type.Optional(Offset),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_JOB_ROWS })),
})
export type JobResultsQuery = Type.Static<typeof JobResultsQuery>

export const JobResults = Type.Object({
  state: JobState,
  /** Index of the first of `rows`. */
  start: Offset,
  /** Rows there are by now. */
  rowCount: Offset,
  rows: Type.Array(JobRow),
})
export type JobResults = Type.Static<typeof JobResults>

export const JobDensityQuery = Type.Object({
  start: Type.Optional(Offset),
  end: Type.Optional(Offset),
  buckets: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_096 })),
})

/** How many rows begin in each of equal parts of a range. */
export const JobDensity = Type.Object({ range: ByteRange, counts: Type.Array(Offset) })
export type JobDensity = Type.Static<typeof JobDensity>
