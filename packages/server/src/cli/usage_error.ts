export type UsageCode =
  | 'ERR_USAGE'
  | 'ERR_PATH_MISSING'
  | 'ERR_PATH_FORBIDDEN'
  | 'ERR_PATH_UNSUPPORTED'
  | 'ERR_PATH_LOOP'
  | 'ERR_TOKEN_FILE'
  | 'ERR_CONFIG_FILE'
  | 'ERR_CONFIG_KEY'
  | 'ERR_CONFIG_VALUE'
  | 'ERR_LOG_FILE'
  | 'ERR_NO_SERVER'
  | 'ERR_PORT_IN_USE'
  | 'ERR_LISTEN'
  | 'ERR_LIST_FILE'
  | 'ERR_OUTPUT'
  | 'ERR_AUDIT_FILE'
  | 'ERR_TLS'
  | 'ERR_HOST'
  | 'ERR_STATE'

/** The command was asked for something it cannot do: printed with its code, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code: UsageCode

  constructor(code: UsageCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
