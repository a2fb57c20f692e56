/** WebSocket subprotocol (`Sec-WebSocket-Protocol`); a client that does not offer it is refused. */
export const SOCKET_PROTOCOL = 'mapscope.v1'

/** Where every route but `/raw` lives. */
export const API_PREFIX = '/api/v1'

/** The grid on which the explorer asks for bytes, so that neighbouring views share answers. */
export const CHUNK_BYTE_LENGTH: number = 64 * 1024

/** The code with which the server closes a socket whose token was taken back or has expired: as HTTP's 401. */
export const SOCKET_UNAUTHORIZED = 4401
