/** All connections, of everybody: each costs a descriptor and some KiB. Beyond, new ones are closed at once. */
export const MAX_CONNECTION_COUNT = 16_384

/** What a connection may take in time before anything is known of its client. */
export const CONNECTION_LIMITS: {
  readonly requestTimeout: number
  readonly connectionTimeout: number
  readonly keepAliveTimeout: number
  readonly maxRequestsPerSocket: number
} = {
  // Time to receive a request, headers and body; an answer may take as long as it takes.
  requestTimeout: 60_000,
  // Neither sends nor takes a byte: a download whose client has stopped reading ends, and can be gone on with by range.
  connectionTimeout: 600_000,
  keepAliveTimeout: 72_000,
  // A connection is worth keeping; for ever is not needed.
  maxRequestsPerSocket: 1_000_000,
}

/** Of a request, unless its route says otherwise. */
export const BODY_LIMIT: number = 64 * 1024

/** The same, of what Node itself looks after. */
export const PARSER_LIMITS: {
  readonly headersTimeout: number
  readonly connectionsCheckingInterval: number
  readonly maxHeaderSize: number
  readonly requireHostHeader: boolean
} = {
  headersTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  // All headers together; more is answered by 431.
  maxHeaderSize: 16 * 1024,
  // The guard asks for it, and says in an answer of ours that it is missing.
  requireHostHeader: false,
}
