import { type ByteRange, count, type SearchQuery, search } from '@mapscope/core'
import type { Command, CommandContext } from '../command.ts'
import type { Arguments } from '../command_arguments.ts'
import { FIND_KIND_OPTIONS, queryOf } from '../find_query.ts'
import { offsetText } from '../offset_text.ts'
import { CACHE_OPTION, RANGE_OPTIONS, rangeOf, withSource } from '../open_source.ts'
import { Previews } from '../previews.ts'
import { Unreadable } from '../unreadable.ts'

export const FIND: Command = {
  name: 'find',
  operands: '[PATTERN] FILE',
  description:
    'Finds bytes, text, numbers or a regular expression in a file of any size. A PATTERN that reads as hexadecimal is taken for bytes, any other for text.',
  options: [
    ...FIND_KIND_OPTIONS,
    { name: 'align', value: 'N', help: 'only hits whose offset is a multiple of N' },
    ...RANGE_OPTIONS,
    { name: 'backward', help: 'the hits of the forward search, last first' },
    { name: 'overlapping', help: 'every place that matches; else a hit begins behind the one before' },
    { name: 'limit', value: 'N', help: 'end after N hits' },
    { name: 'count', help: 'print how many hits there are, 0 included, and not where' },
    { name: 'json', help: 'one object a line: {"offset":123,"byteLength":4}, with "which" for --needles' },
    CACHE_OPTION,
  ],
  notes:
    'Prints `0xOFFSET  LENGTH  preview`. A hit lies wholly inside --start and --end. Needles and values give every hit, overlapping or not.\nExits with 0 when there were hits, 1 when there were none, 2 for an error. Bytes that cannot be read are an error, told after the hits.',
  statusWhenCut: 0,
  run: async (args, context) => {
    const { query, path } = await queryOf(args)
    return await withSource(path, args, async (source) => {
      const unreadable = new Unreadable()
      const options = {
        range: rangeOf(args, source),
        alignment: args.count('align', { least: 1 }) ?? 1,
        isOverlapping: args.has('overlapping'),
        signal: context.signal,
        onProgress: context.progress.update,
        onUnreadable: (lost: ByteRange) => unreadable.add([lost]),
      }
      const limit = args.count('limit')
      const job = { source, query, options, limit, args }
      const status = args.has('count') ? await printCount(job, context) : await printHits(job, context)
      unreadable.assertNone()
      return status
    })
  },
}

interface FindJob {
  readonly source: Parameters<typeof search>[0]
  readonly query: SearchQuery
  readonly options: NonNullable<Parameters<typeof count>[2]>
  readonly limit: number | undefined
  readonly args: Arguments
}

async function printCount(
  { source, query, options, limit, args }: FindJob,
  { output }: CommandContext,
): Promise<0 | 1> {
  let found = 0
  if (limit === undefined) found = await count(source, query, options)
  else for await (const batch of search(source, query, { ...options, limit })) found += batch.length
  await output.line(args.has('json') ? JSON.stringify({ count: found }) : String(found))
  return found > 0 ? 0 : 1
}

async function printHits(
  { source, query, options, limit, args }: FindJob,
  { output, signal }: CommandContext,
): Promise<0 | 1> {
  const direction = args.has('backward') ? 'backward' : 'forward'
  const isJson = args.has('json')
  const previews = new Previews(source, signal)
  let isAny = false
  for await (const batch of search(source, query, { ...options, limit, direction })) {
    for (const hit of batch) {
      isAny = true
      const preview = isJson ? '' : (previews.held(hit) ?? (await previews.read(hit)))
      const text = isJson
        ? JSON.stringify(hit)
        : `${offsetText(hit.offset, source.byteLength)}  ${hit.byteLength}  ${preview}`
      const wait = output.line(text)
      if (wait !== undefined) await wait
    }
    await output.flush()
  }
  return isAny ? 0 : 1
}
