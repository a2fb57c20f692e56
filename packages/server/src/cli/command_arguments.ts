import { parseArgs } from 'node:util'
import { parseCount } from '@mapscope/core'
import type { OptionRow } from './command.ts'
import { UsageError } from './usage_error.ts'

/** Set before arguments that look like negative numbers, so that they are none of the options: no argument can hold it. */
const NUMBER_MARK = '\0'
const NEGATIVE_NUMBER = /^-(?:\d|\.\d|inf)/

/** What was typed behind a command's name, by its table of options. Everything here throws `ERR_USAGE` that says what to write instead. */
export class Arguments {
  readonly operands: readonly string[]
  readonly #values: Readonly<Record<string, unknown>>

  private constructor(operands: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.operands = operands
    this.#values = values
  }

  static parse(argv: readonly string[], rows: readonly OptionRow[]): Arguments {
    const options = Object.fromEntries(rows.map((row) => [row.name, parserOption(row)]))
    try {
      const { values, positionals } = parseArgs({ args: markedNumbers(argv), options, allowPositionals: true })
      const bare = Object.entries(values).map(([name, value]) => [name, unmarked(value)])
      return new Arguments(positionals.map(plain), Object.fromEntries(bare))
    } catch (error) {
      throw new UsageError('ERR_USAGE', firstSentence(error), error)
    }
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  text(name: string): string | undefined {
    return this.#values[name] as string | undefined
  }

  /** Every value of a repeatable option, those between commas, too. */
  list(name: string): readonly string[] {
    const values = (this.#values[name] ?? []) as readonly string[]
    return values.flatMap((value) => value.split(',')).filter((value) => value !== '')
  }

  /** A count of bytes or of anything: `0x1F`, `31`, `4k`, `1.5Gi`. */
  count(
    name: string,
    { least = 0, most = Number.MAX_SAFE_INTEGER }: { readonly least?: number; readonly most?: number } = {},
  ): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const parsed = parseCount(text)
    if ('problem' in parsed)
      throw new UsageError('ERR_USAGE', `--${name} takes a number such as 4096, 0x1000, 4k or 1.5Gi, not “${text}”`)
    if (parsed.count > BigInt(Number.MAX_SAFE_INTEGER))
      throw new UsageError('ERR_USAGE', `--${name}: ${text} is beyond 2^53 - 1, the last place any file has here`)
    if (parsed.count > BigInt(most)) throw new UsageError('ERR_USAGE', `--${name} takes ${most} or less, not ${text}`)
    if (parsed.count < BigInt(least)) throw new UsageError('ERR_USAGE', `--${name} takes ${least} or more, not ${text}`)
    return Number(parsed.count)
  }

  /** The operands, which must be as many as `names`. */
  exactly<Names extends readonly string[]>(...names: Names): { readonly [Index in keyof Names]: string } {
    const missing = names[this.operands.length]
    if (missing !== undefined) throw new UsageError('ERR_USAGE', `${missing} is missing`)
    const extra = this.operands[names.length]
    if (extra !== undefined)
      throw new UsageError('ERR_USAGE', `“${extra}” is one argument too many; quote what has blanks in it`)
    return this.operands as unknown as { readonly [Index in keyof Names]: string }
  }
}

type ParserOption = { readonly type: 'string' | 'boolean'; readonly short?: string; readonly multiple?: boolean }

function parserOption({ value, short, isRepeatable }: OptionRow): ParserOption {
  return {
    type: value === undefined ? 'boolean' : 'string',
    ...(short === undefined ? {} : { short }),
    ...(isRepeatable === undefined ? {} : { multiple: true }),
  }
}

function markedNumbers(argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  return argv.map((argument, at) => (at < end && NEGATIVE_NUMBER.test(argument) ? NUMBER_MARK + argument : argument))
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked)
  return typeof value === 'string' ? plain(value) : value
}

function plain(text: string): string {
  return text.startsWith(NUMBER_MARK) ? text.slice(NUMBER_MARK.length) : text
}

/** Node's own text goes on with advice for programmers; what it says of a dash helps who has such a file. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const first = (message.split('. ')[0] ?? message).replaceAll(NUMBER_MARK, '').split('\n')[0] ?? message
  const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
  return isUnknown ? `${first}; write -- before what begins with a dash and is none` : first
}
