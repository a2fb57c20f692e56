import { HASH_ALGORITHMS, type HashAlgorithm, hash, hashChunks, isHashAlgorithm } from '@mapscope/core'
import type { Command } from '../command.ts'
import type { Arguments } from '../command_arguments.ts'
import { offsetText } from '../offset_text.ts'
import { CACHE_OPTION, RANGE_OPTIONS, rangeOf, withSource } from '../open_source.ts'
import { UsageError } from '../usage_error.ts'

export const HASH: Command = {
  name: 'hash',
  operands: 'FILE',
  description: 'Hashes a file, or a range of it, in one pass over its bytes and off the main thread.',
  options: [
    {
      name: 'algorithm',
      short: 'a',
      value: 'NAME',
      isRepeatable: true,
      help: `${HASH_ALGORITHMS.join(', ')} (default sha256); several between commas, or repeated`,
    },
    ...RANGE_OPTIONS,
    {
      name: 'chunk',
      value: 'SIZE',
      help: 'hash every SIZE bytes by themselves, as evidence is: one line for each chunk',
    },
    { name: 'json', help: 'one object a line' },
    CACHE_OPTION,
  ],
  notes:
    'Prints `HEX  FILE` as sha256sum does; with several algorithms `HEX  ALGORITHM  FILE`; with --chunk `0xOFFSET  LENGTH  HEX…`. Bytes that cannot be read are an error: a hash of other bytes is worse than none.\nExits with 0, or 2 for an error.',
  statusWhenCut: 0,
  run: async (args, { output, progress, signal }) => {
    const [path] = args.exactly('FILE')
    const algorithms = algorithmsOf(args)
    const chunkByteLength = args.count('chunk', { least: 1 })
    const isJson = args.has('json')
    const { mark, shownPath } = listed(path)
    await withSource(path, args, async (source) => {
      const options = { algorithms, range: rangeOf(args, source), signal, onProgress: progress.update }
      if (chunkByteLength === undefined) {
        const digests = await hash(source, options)
        if (isJson) return await output.line(JSON.stringify({ ...options.range, ...digests }))
        for (const name of algorithms)
          await output.line([`${mark}${digests[name]}`, ...(algorithms.length > 1 ? [name] : []), shownPath].join('  '))
        return
      }
      for await (const { range, digests } of hashChunks(source, { ...options, chunkByteLength })) {
        const place = [offsetText(range.start, source.byteLength), String(range.end - range.start)]
        const text = [...place, ...algorithms.map((name) => digests[name])].join('  ')
        const wait = output.line(isJson ? JSON.stringify({ ...range, ...digests }) : text)
        if (wait !== undefined) await wait
      }
    })
    return 0
  },
}

/** As sha256sum writes a name, and `sha256sum -c` reads it: on one line, with a mark where something had to be escaped. */
function listed(path: string): { readonly mark: string; readonly shownPath: string } {
  const shownPath = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return { mark: shownPath === path ? '' : '\\', shownPath }
}

function algorithmsOf(args: Arguments): readonly HashAlgorithm[] {
  const names = args.list('algorithm').map((name) => name.toLowerCase().replace('-', ''))
  const unknown = names.find((name) => !isHashAlgorithm(name))
  if (unknown !== undefined)
    throw new UsageError('ERR_USAGE', `--algorithm knows ${HASH_ALGORITHMS.join(', ')}, and not “${unknown}”`)
  const known = [...new Set(names)] as HashAlgorithm[]
  return known.length === 0 ? ['sha256'] : known
}
