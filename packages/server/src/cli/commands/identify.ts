import { type Identified, identify, sweep } from '@mapscope/core'
import type { Command } from '../command.ts'
import { offsetText } from '../offset_text.ts'
import { CACHE_OPTION, withSource } from '../open_source.ts'

export const IDENTIFY: Command = {
  name: 'identify',
  operands: 'FILE',
  description: 'Says what a file is by its bytes, or with --sweep what files begin anywhere within it.',
  options: [
    { name: 'sweep', help: 'look for formats at every offset: embedded files, disk images, firmware' },
    { name: 'json', help: 'one object a line' },
    CACHE_OPTION,
  ],
  notes:
    'Prints `0xOFFSET  LENGTH  NAME  MIME  TITLE`; LENGTH is ? where the format does not tell. Each has passed a second look behind its magic bytes.\nExits with 0 when something was known, 1 when nothing was, 2 for an error.',
  statusWhenCut: 0,
  run: async (args, { output, progress, signal }) => {
    const [path] = args.exactly('FILE')
    let isAnyKnown = false
    await withSource(path, args, async (source) => {
      const found = args.has('sweep')
        ? sweep(source, { signal, onProgress: progress.update })
        : await identify(source, { signal })
      for await (const one of found) {
        isAnyKnown = true
        await output.line(args.has('json') ? JSON.stringify(one) : lineOf(one, source.byteLength))
        await output.flush()
      }
    })
    return isAnyKnown ? 0 : 1
  },
}

function lineOf({ offset, byteLength, name, mime, title }: Identified, fileByteLength: number): string {
  return [offsetText(offset, fileByteLength), byteLength ?? '?', name, mime, title].join('  ')
}
