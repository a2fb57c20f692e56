import { dirname, resolve } from 'node:path'
import { Value } from '@mapscope/protocol/typebox'
import { UsageError } from '../cli/usage_error.ts'
import type { SettingRow } from './setting.ts'

type AnyRow = SettingRow<unknown>

/** What a flag held: text, texts, or `true` for a switch. */
export function valueOfFlag(row: AnyRow, given: string | boolean | readonly string[]): unknown {
  const value = typeof given === 'string' ? valueOfText(row, given) : given
  if (Value.Check(row.schema, value)) return value
  throw new UsageError('ERR_USAGE', `--${row.flag} takes ${row.takes}, not "${String(given)}"`)
}

/** Lists are written with commas in the environment, and paths with colons, as in PATH. */
export function valueOfEnvironment(row: AnyRow, text: string): unknown {
  const value = isList(row) ? text.split(row.isPath ? ':' : ',').filter((part) => part !== '') : valueOfText(row, text)
  if (Value.Check(row.schema, value)) return value
  throw new UsageError('ERR_CONFIG_VALUE', `${row.env} takes ${row.takes}, not "${text}"`)
}

export function valueOfFile(row: AnyRow, name: string, { file, value }: { file: string; value: unknown }): unknown {
  const normal = typeof value === 'string' ? (row.normalize?.(value) ?? value) : value
  if (!Value.Check(row.schema, normal)) {
    throw new UsageError('ERR_CONFIG_VALUE', `${file}: "${name}" takes ${row.takes}, not ${JSON.stringify(value)}`)
  }
  if (row.isPath !== true || row.words?.includes(String(normal)) === true) return normal
  const folder = dirname(resolve(file))
  return Array.isArray(normal) ? normal.map((path) => resolve(folder, String(path))) : resolve(folder, String(normal))
}

export function isList({ schema }: AnyRow): boolean {
  return typeOf(schema) === 'array'
}

export function isSwitch({ schema }: AnyRow): boolean {
  return typeOf(schema) === 'boolean'
}

/** Text that is no number or no boolean stays text, which the schema then refuses. */
function valueOfText(row: AnyRow, text: string): unknown {
  const type = typeOf(row.schema)
  if (type === 'integer' || type === 'number') return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text
  if (type === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text
  return row.normalize?.(text) ?? text
}

function typeOf(schema: AnyRow['schema']): unknown {
  return (schema as { readonly type?: unknown }).type
}
