import { closeSync, openSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { SERVE_SETTINGS, SETTING_NAMES, type ServeSettings } from '../settings/serve_settings.ts'
import { tokenFromFile } from './token_file.ts'
import { certificateOf } from './transport.ts'

/** What a server was told, and is told anew. */
export interface Rereading {
  readonly app: FastifyInstance
  readonly before: ServeSettings
  readonly after: ServeSettings
}

export interface Reread {
  /** Undefined: it was in no file. */
  readonly token: string | undefined
  /** Settings that are others now and need a restart. */
  readonly waiting: readonly string[]
}

/** Takes what can change without a restart: tokens, names, certificate. @throws UsageError and others for what is wrong; all stays as it was then. */
export function reread({ app, before, after }: Rereading): Reread {
  // A file that is gone is made again, with a new token: to take a link back is to remove its file.
  const token = after.tokenFile === undefined ? undefined : tokenFromFile(after.tokenFile)
  const tls = before.tlsCert === undefined || after.tlsCert === undefined ? undefined : certificateOf(after)
  app.reconfigure({ token, tls, allowedHosts: [before.host, ...after.allowHost] })
  const isOther = (name: keyof ServeSettings): boolean => JSON.stringify(before[name]) !== JSON.stringify(after[name])
  const waiting = SETTING_NAMES.filter((name) => SERVE_SETTINGS[name].isReread !== true && isOther(name))
  return { token, waiting }
}

/**
 * Whether a terminal would tell us by SIGHUP that it is gone, which means the end. Who has none (a service, a container) is told by a person or a
 * program that the settings are others, as every daemon is.
 */
export function hasTerminal(): boolean {
  if (process.platform === 'win32') return true
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
