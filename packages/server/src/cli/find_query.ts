import { readFileSync } from 'node:fs'
import { compileQuery, parseNumberType, type SearchQuery } from '@mapscope/core'
import type { OptionRow } from './command.ts'
import type { Arguments } from './command_arguments.ts'
import { UsageError } from './usage_error.ts'

/** What a PATTERN may be taken for. One more is a row here. */
interface KindRow extends OptionRow {
  readonly takesCase?: true
  readonly takesEncoding?: true
  readonly query: (pattern: string, args: Arguments) => SearchQuery
}

const KINDS: readonly KindRow[] = [
  {
    name: 'hex',
    help: 'PATTERN is bytes: 4D5A, or 4D 5A ?? 5? with wildcards and [2-8] for a gap',
    query: (text) => ({ kind: 'hex', text }),
  },
  {
    name: 'text',
    help: 'PATTERN is text',
    takesCase: true,
    takesEncoding: true,
    query: (text, args) => ({
      kind: 'text',
      text,
      encoding: args.text('encoding'),
      isCaseInsensitive: args.has('ignore-case'),
    }),
  },
  {
    name: 'regex',
    help: 'PATTERN is a regular expression of JavaScript over bytes: \\xE9 is the byte 0xE9',
    takesCase: true,
    query: (text, args) => ({ kind: 'regexp', text, isCaseInsensitive: args.has('ignore-case') }),
  },
  {
    name: 'value',
    value: 'TYPE',
    help: 'PATTERN is a number or MIN..MAX of a type: u8 to u64, i8 to i64, f16 to f64, each with le or be, uleb128, sleb128',
    query: (text, args) => ({ kind: 'number', text, ...numberType(args.text('value') ?? '') }),
  },
]

const NEEDLES: OptionRow = {
  name: 'needles',
  value: 'LISTFILE',
  help: 'look for all of the needles in LISTFILE, one a line in hexadecimal; takes no PATTERN',
}

export const FIND_KIND_OPTIONS: readonly OptionRow[] = [
  ...KINDS.map(({ name, value, help }) => ({ name, help, ...(value === undefined ? {} : { value }) })),
  NEEDLES,
  {
    name: 'ignore-case',
    short: 'i',
    help: 'letters match their other case; where bytes are compared, A-Z and a-z only',
  },
  {
    name: 'encoding',
    value: 'NAME',
    help: 'the text’s encoding: utf-8 (default), utf-16le, utf-16be, latin1, shift_jis, …',
  },
]

/** What is looked for, and the file to look in. @throws `ERR_USAGE`, also for a pattern that is none. */
export async function queryOf(args: Arguments): Promise<{ readonly query: SearchQuery; readonly path: string }> {
  const named = [...KINDS, NEEDLES].filter(({ name }) => args.has(name))
  if (named.length > 1)
    throw new UsageError('ERR_USAGE', `choose one of ${named.map(({ name }) => `--${name}`).join(' and ')}`)
  if (args.has(NEEDLES.name)) {
    const [path] = args.exactly('FILE')
    refuse(args, { name: NEEDLES.name })
    return { query: checked({ kind: 'needles', text: readList(args.text(NEEDLES.name) ?? '') }, args), path }
  }
  const [pattern, path] = args.exactly('PATTERN', 'FILE')
  const kind = KINDS.find(({ name }) => args.has(name)) ?? guessedKind(pattern, args)
  refuse(args, kind)
  return { query: checked(kind.query(pattern, args), args), path }
}

/** Bytes where it reads as such; but who names an encoding has a text. */
function guessedKind(pattern: string, args: Arguments): KindRow {
  const isHex = !args.has('encoding') && 'query' in compileQuery({ kind: 'hex', text: pattern })
  return KINDS.find(({ name }) => name === (isHex ? 'hex' : 'text')) as KindRow
}

/** Options that would do nothing are refused: whoever wrote them expects something. */
function refuse(args: Arguments, kind: Pick<KindRow, 'name' | 'takesCase' | 'takesEncoding'>): void {
  if (args.has('ignore-case') && kind.takesCase !== true)
    throw new UsageError('ERR_USAGE', `-i goes with --text or --regex; the pattern was taken for --${kind.name}`)
  if (args.has('encoding') && kind.takesEncoding !== true)
    throw new UsageError('ERR_USAGE', `--encoding goes with --text; the pattern was taken for --${kind.name}`)
}

function checked(query: SearchQuery, args: Arguments): SearchQuery {
  const result = compileQuery(query)
  if ('problem' in result) throw new UsageError('ERR_USAGE', result.problem.replace(/\.$/, ''))
  const isExpression = result.query.kind === 'regexp' && result.query.characters === undefined
  if (isExpression && args.has('overlapping'))
    throw new UsageError(
      'ERR_USAGE',
      '--overlapping does not go with --regex, nor with gaps of more than one length: such matches do not overlap',
    )
  return query
}

function numberType(name: string): Omit<Extract<SearchQuery, { kind: 'number' }>, 'kind' | 'text'> {
  const type = parseNumberType(name)
  if ('problem' in type) throw new UsageError('ERR_USAGE', `--value: ${type.problem.replace(/\.$/, '')}`)
  return type
}

function readList(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new UsageError('ERR_LIST_FILE', `the list of needles ${JSON.stringify(path)} cannot be read (${code})`, error)
  }
}
