import { type FoundString, type StringEncoding, strings } from '@mapscope/core'
import type { Command } from '../command.ts'
import type { Arguments } from '../command_arguments.ts'
import { offsetText } from '../offset_text.ts'
import { CACHE_OPTION, withSource } from '../open_source.ts'
import { StringTexts } from '../string_texts.ts'
import { Unreadable } from '../unreadable.ts'
import { UsageError } from '../usage_error.ts'

const ENCODINGS: readonly StringEncoding[] = ['ascii', 'utf8', 'utf16le', 'utf16be']

export const STRINGS: Command = {
  name: 'strings',
  operands: 'FILE',
  description: 'Lists the texts in a file, as strings -a does, whatever is between them.',
  options: [
    { name: 'min', short: 'n', value: 'N', help: 'fewest characters of a text (default 4)' },
    { name: 'encoding', value: 'NAME', help: `${ENCODINGS.join(', ')} (default ascii)` },
    { name: 'json', help: 'one object a line: {"offset":123,"byteLength":4,"text":"abcd"}' },
    CACHE_OPTION,
  ],
  notes:
    'Prints `0xOFFSET  text`. Characters are 0x20 to 0x7E, in utf8 all that can be printed; a TAB ends a text.\nExits with 0 when there were texts, 1 when there were none, 2 for an error. Bytes that cannot be read are an error, told after the texts.',
  statusWhenCut: 0,
  run: async (args, { output, progress, signal }) => {
    const [path] = args.exactly('FILE')
    const encoding = encodingOf(args)
    const minLength = args.count('min', { least: 1, most: 2 ** 32 - 1 }) ?? 4
    let isAny = false
    await withSource(path, args, async (source) => {
      const texts = new StringTexts(source, encoding, signal)
      const unreadable = new Unreadable()
      const lineOf = ({ offset, byteLength }: FoundString, text: string): string =>
        args.has('json')
          ? JSON.stringify({ offset, byteLength, text })
          : `${offsetText(offset, source.byteLength)}  ${text}`
      for await (const page of strings(source, { encoding, minLength, signal, onProgress: progress.update })) {
        unreadable.add(page.unreadable)
        for (const found of page.items) {
          isAny = true
          const wait = output.line(lineOf(found, texts.held(found) ?? (await texts.read(found))))
          if (wait !== undefined) await wait
        }
        await output.flush()
      }
      unreadable.assertNone()
    })
    return isAny ? 0 : 1
  },
}

function encodingOf(args: Arguments): StringEncoding {
  const typed = args.text('encoding')
  const name = typed?.toLowerCase().replaceAll(/[-_]/g, '')
  const encoding = name === undefined ? 'ascii' : ENCODINGS.find((known) => known === name)
  if (encoding !== undefined) return encoding
  throw new UsageError('ERR_USAGE', `--encoding knows ${ENCODINGS.join(', ')}, and not “${typed}”`)
}
