import { type BlockBatch, BYTE_CLASSES, entropy } from '@mapscope/core'
import type { Command } from '../command.ts'
import { offsetText } from '../offset_text.ts'
import { CACHE_OPTION, withSource } from '../open_source.ts'
import { Unreadable } from '../unreadable.ts'

const DEFAULT_BLOCK_BYTE_LENGTH = 65_536
const LONGEST_BLOCK_BYTE_LENGTH: number = 2 ** 32 - 1

export const ENTROPY: Command = {
  name: 'entropy',
  operands: 'FILE',
  description:
    'Says how random each block of a file is: 0 bits a byte where all are the same, near 8 where they are compressed or encrypted.',
  options: [
    { name: 'block', value: 'SIZE', help: 'length of a block (default 64k); the last may be shorter' },
    { name: 'json', help: `one object a line, with how many bytes are of each class: ${BYTE_CLASSES.join(', ')}` },
    CACHE_OPTION,
  ],
  notes:
    'Prints `0xOFFSET  LENGTH  BITS`, the entropy in bits a byte.\nExits with 0, or 2 for an error. Bytes that cannot be read are an error, told after the blocks.',
  statusWhenCut: 0,
  run: async (args, { output, progress, signal }) => {
    const [path] = args.exactly('FILE')
    const blockByteLength =
      args.count('block', { least: 1, most: LONGEST_BLOCK_BYTE_LENGTH }) ?? DEFAULT_BLOCK_BYTE_LENGTH
    const lineOf = args.has('json') ? jsonLine : textLine
    await withSource(path, args, async (source) => {
      const unreadable = new Unreadable()
      for await (const batch of entropy(source, { blockByteLength, signal, onProgress: progress.update })) {
        unreadable.add(batch.unreadable)
        for (let index = 0; index < batch.entropy.length; index++) {
          const start = batch.offset + index * blockByteLength
          const end = Math.min(start + blockByteLength, batch.offset + batch.byteLength)
          const wait = output.line(lineOf({ batch, index, start, end, fileByteLength: source.byteLength }))
          if (wait !== undefined) await wait
        }
        await output.flush()
      }
      unreadable.assertNone()
    })
    return 0
  },
}

interface Block {
  readonly batch: BlockBatch
  readonly index: number
  readonly start: number
  readonly end: number
  readonly fileByteLength: number
}

function textLine({ batch, index, start, end, fileByteLength }: Block): string {
  return `${offsetText(start, fileByteLength)}  ${end - start}  ${bits(batch, index).toFixed(4)}`
}

function jsonLine({ batch, index, start, end }: Block): string {
  const count = (at: number): number => batch.classes[index * BYTE_CLASSES.length + at] as number
  const classes = Object.fromEntries(BYTE_CLASSES.map((name, at) => [name, count(at)]))
  // JSON has no NaN: a block of which nothing could be read has null.
  const entropyBits = Number.isNaN(bits(batch, index)) ? null : Number(bits(batch, index).toFixed(6))
  return JSON.stringify({ offset: start, byteLength: end - start, entropy: entropyBits, classes })
}

function bits(batch: BlockBatch, index: number): number {
  return batch.entropy[index] as number
}
