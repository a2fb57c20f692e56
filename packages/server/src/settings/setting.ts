import type { TSchema } from '@mapscope/protocol/typebox'

/** One setting, wherever it is written: on the line, in the environment, in the file. */
export interface SettingRow<T> {
  /** On the line, `--flag`; the paths to serve stand there without one. */
  readonly flag?: string
  /** What stands for its value in the help; a switch has none. */
  readonly value?: string
  readonly env: string
  /** Of its value, in the file under the setting's name. */
  readonly schema: TSchema
  readonly default: T
  /** `takes` as in "--port takes a number from 0 to 65535". */
  readonly takes: string
  readonly help: string
  /** Relative ones in a file are meant from that file's folder. */
  readonly isPath?: true
  /** Read again on SIGHUP; every other one needs a restart. */
  readonly isReread?: true
  /** What is no path where one is meant. */
  readonly words?: readonly string[]
  /** What text means, where the schema alone does not tell. */
  readonly normalize?: (text: string) => string
}

/** Where a setting's value is from: the first of these that has one. */
export const SETTING_ORIGINS = ['flag', 'env', 'file', 'default'] as const
export type SettingOrigin = (typeof SETTING_ORIGINS)[number]
