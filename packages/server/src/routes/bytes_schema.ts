import { REVISION_HEADER, UNREADABLE_HEADER } from '@mapscope/protocol'
import { Type } from '@mapscope/protocol/typebox'
import { problems } from './responses.ts'

/** Bytes routes are documented by hand: their bodies are bytes, and no schema serialises them. */
interface BytesResponse {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly type: 'string'; readonly description: string }>>
  readonly content?: Readonly<Record<string, { readonly schema: object }>>
}

const content: BytesResponse['content'] = {
  'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
}

const headers: NonNullable<BytesResponse['headers']> = {
  etag: { type: 'string', description: 'Strong: of this state of the file and no other.' },
  'accept-ranges': { type: 'string', description: '`bytes`' },
  [REVISION_HEADER]: { type: 'string', description: "The document's revision; not on /raw." },
}

const partHeaders: NonNullable<BytesResponse['headers']> = {
  ...headers,
  'content-range': { type: 'string', description: '`bytes first-last/length`' },
  [UNREADABLE_HEADER]: {
    type: 'string',
    description: 'Half-open ranges that cannot be read, as `4096-65536, 70000-70001`; the body ends before the first.',
  },
}

const header = Type.Optional(Type.String())

/** RFC 9110 §13–14. Any text passes: a header that is malformed means what the RFC says it means, mostly nothing. */
export const BytesHeaders: Type.TObject = Type.Object({
  range: Type.Optional(
    Type.String({ description: '`bytes=first-last`, `bytes=first-`, `bytes=-suffix`, or several, with commas' }),
  ),
  'if-match': header,
  'if-none-match': header,
  'if-modified-since': header,
  'if-unmodified-since': header,
  'if-range': header,
})

export const BYTES_RESPONSES: Readonly<Record<number, BytesResponse>> = {
  200: { description: 'Every byte; the connection breaks where one cannot be read.', headers, content },
  206: {
    description:
      'The range, shortened to what can be read; or several, as parts, where a byte that cannot be read breaks the connection.',
    headers: partHeaders,
    content: { ...content, 'multipart/byteranges': { schema: { type: 'string', format: 'binary' } } },
  },
  304: { description: 'Not modified.', headers },
  ...problems(400, 401, 403, 404, 409, 410, 412, 416, 422, 429, 503),
}
