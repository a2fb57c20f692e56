import { Type } from '@mapscope/protocol/typebox'
import { NO_STATE } from '../cli/state_directory.ts'
import type { SettingRow } from './setting.ts'

/** pino's, as far as they mean something here. `silent` logs nothing. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What `mapscope serve` can be told. One more is a line here and a row below; the compiler misses one without the other. */
export interface ServeSettings {
  readonly paths: readonly string[]
  readonly host: string
  /** `undefined`: the default port, or the next one that is free. 0: any. */
  readonly port: number | undefined
  readonly writable: boolean
  readonly tokenFile: string | undefined
  readonly allowHost: readonly string[]
  readonly log: boolean
  readonly logLevel: LogLevel
  readonly logFile: string | undefined
  readonly grace: number
  readonly tokens: string | undefined
  readonly audit: string | undefined
  /** MiB. */
  readonly auditRotate: number
  readonly evidence: boolean
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
  readonly tlsSelfSigned: boolean
  readonly plainHttp: boolean
  readonly oneTimeLink: boolean
  /** Where jobs are kept over a restart. `undefined`: where the system has such things; `none`: nowhere. */
  readonly state: string | undefined
}

/** In the order of the help and of the page. */
export const SERVE_SETTINGS: { readonly [Name in keyof ServeSettings]: SettingRow<ServeSettings[Name]> } = {
  paths: {
    env: 'MAPSCOPE_PATHS',
    schema: Type.Array(Type.String({ minLength: 1 })),
    default: [],
    takes: 'files or folders',
    help: 'files or folders; nothing outside them is ever opened',
    isPath: true,
  },
  host: {
    flag: 'host',
    value: 'ADDRESS',
    env: 'MAPSCOPE_HOST',
    schema: Type.String({ pattern: '^[0-9A-Za-z.:_-]+(?:%\\w+)?$' }),
    default: '127.0.0.1',
    takes: 'a name or an address',
    help: 'where to listen (default 127.0.0.1: this machine only)',
    normalize: (text) => text.replace(/^\[(.*)\]$/, '$1'),
  },
  port: {
    flag: 'port',
    value: 'NUMBER',
    env: 'MAPSCOPE_PORT',
    schema: Type.Integer({ minimum: 0, maximum: 65_535 }),
    default: undefined,
    takes: 'a number from 0 (any free port) to 65535',
    help: 'default 7370, or the next free one; 0 for any',
  },
  writable: {
    flag: 'writable',
    env: 'MAPSCOPE_WRITABLE',
    schema: Type.Boolean(),
    default: false,
    takes: 'true or false',
    help: 'edits go straight into the files (default: read-only)',
  },
  tokenFile: {
    flag: 'token-file',
    value: 'FILE',
    env: 'MAPSCOPE_TOKEN_FILE',
    schema: Type.String({ minLength: 1 }),
    default: undefined,
    takes: 'the name of a file',
    help: "keep the link's token in FILE, made if it is not there",
    isPath: true,
    isReread: true,
  },
  allowHost: {
    flag: 'allow-host',
    value: 'NAME',
    env: 'MAPSCOPE_ALLOW_HOST',
    schema: Type.Array(Type.String({ minLength: 1 })),
    default: [],
    takes: 'host names',
    help: 'answer to this host name as well; may be repeated',
    isReread: true,
  },
  log: {
    flag: 'log',
    env: 'MAPSCOPE_LOG',
    schema: Type.Boolean(),
    default: false,
    takes: 'true or false',
    help: 'log every request: --log-level info',
  },
  logLevel: {
    flag: 'log-level',
    value: 'LEVEL',
    env: 'MAPSCOPE_LOG_LEVEL',
    schema: Type.Enum([...LOG_LEVELS]),
    default: 'error',
    takes: `one of ${LOG_LEVELS.join(', ')}`,
    help: `log this and what is graver, as JSON lines: ${LOG_LEVELS.join(', ')} (default error)`,
  },
  logFile: {
    flag: 'log-file',
    value: 'FILE',
    env: 'MAPSCOPE_LOG_FILE',
    schema: Type.String({ minLength: 1 }),
    default: undefined,
    takes: 'the name of a file',
    help: 'append the log to FILE (default: standard error)',
    isPath: true,
  },
  grace: {
    flag: 'grace',
    value: 'SECONDS',
    env: 'MAPSCOPE_GRACE',
    schema: Type.Number({ minimum: 0, maximum: 3_600 }),
    default: 10,
    takes: 'seconds from 0 to 3600',
    help: 'how long downloads and jobs may take to finish after SIGTERM (default 10; Ctrl-C: at most 1.5)',
    isReread: true,
  },
  tokens: {
    flag: 'tokens',
    value: 'FILE',
    env: 'MAPSCOPE_TOKENS',
    schema: Type.String({ minLength: 1 }),
    default: undefined,
    takes: 'the name of a file',
    help: 'tokens of several people, each with a role: NAME ROLE TOKEN [EXPIRES] a line',
    isPath: true,
    isReread: true,
  },
  audit: {
    flag: 'audit',
    value: 'FILE',
    env: 'MAPSCOPE_AUDIT',
    schema: Type.String({ minLength: 1 }),
    default: undefined,
    takes: 'the name of a file',
    help: 'append what is served, changed and refused to FILE, chained by hashes',
    isPath: true,
  },
  auditRotate: {
    flag: 'audit-rotate',
    value: 'MIB',
    env: 'MAPSCOPE_AUDIT_ROTATE',
    schema: Type.Number({ minimum: 0, maximum: 1_048_576 }),
    default: 256,
    takes: 'MiB from 0 (never) to 1048576',
    help: 'go on in another file of the trail when one has grown to MIB (default 256; 0: never)',
  },
  evidence: {
    flag: 'evidence',
    env: 'MAPSCOPE_EVIDENCE',
    schema: Type.Boolean(),
    default: false,
    takes: 'true or false',
    help: 'read-only for certain, only with --audit, and with hashes of every chunk',
  },
  tlsCert: {
    flag: 'tls-cert',
    value: 'FILE',
    env: 'MAPSCOPE_TLS_CERT',
    schema: Type.String({ minLength: 1 }),
    default: undefined,
    takes: 'the name of a file',
    help: 'serve over TLS with this certificate (PEM), and --tls-key',
    isPath: true,
    isReread: true,
  },
  tlsKey: {
    flag: 'tls-key',
    value: 'FILE',
    env: 'MAPSCOPE_TLS_KEY',
    schema: Type.String({ minLength: 1 }),
    default: undefined,
    takes: 'the name of a file',
    help: "the certificate's key (PEM)",
    isPath: true,
    isReread: true,
  },
  tlsSelfSigned: {
    flag: 'tls-self-signed',
    env: 'MAPSCOPE_TLS_SELF_SIGNED',
    schema: Type.Boolean(),
    default: false,
    takes: 'true or false',
    help: 'serve over TLS with a certificate made now; its fingerprint is printed',
  },
  plainHttp: {
    flag: 'plain-http',
    env: 'MAPSCOPE_PLAIN_HTTP',
    schema: Type.Boolean(),
    default: false,
    takes: 'true or false',
    help: 'no TLS beyond this machine all the same: behind a proxy that does it',
  },
  oneTimeLink: {
    flag: 'one-time-link',
    env: 'MAPSCOPE_ONE_TIME_LINK',
    schema: Type.Boolean(),
    default: false,
    takes: 'true or false',
    help: 'print a link that opens one browser, once, within five minutes',
  },
  state: {
    flag: 'state',
    value: 'DIR',
    env: 'MAPSCOPE_STATE',
    schema: Type.String({ minLength: 1 }),
    default: undefined,
    takes: 'the name of a folder, or none',
    help: 'where jobs are kept over a restart (default: below XDG_STATE_HOME, one for these paths); none for nowhere',
    isPath: true,
    words: [NO_STATE],
  },
}

export type SettingName = keyof ServeSettings
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SERVE_SETTINGS) as SettingName[]
