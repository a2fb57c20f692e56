import { type AlignedDifference, type ByteSource, diffAligned, differences } from '@mapscope/core'
import type { Command, CommandContext } from '../command.ts'
import { offsetText } from '../offset_text.ts'
import { CACHE_OPTION, withSource } from '../open_source.ts'
import { Unreadable } from '../unreadable.ts'

export const DIFF: Command = {
  name: 'diff',
  operands: 'A B',
  description:
    'Says where two files differ: byte for byte at the same offsets, or aligned for what was inserted and deleted.',
  options: [
    { name: 'align', help: 'look for what was moved by insertions and deletions' },
    { name: 'json', help: 'one object a line' },
    CACHE_OPTION,
  ],
  notes:
    'Prints `0xOFFSET  LENGTH  changed`, and `only in A` or `only in B` for the end of the longer one. With --align: `0xOFFSET_A  LENGTH_A  0xOFFSET_B  LENGTH_B  changed|inserted|deleted`.\nExits with 0 when they are the same, 1 when they differ, 2 for an error.',
  statusWhenCut: 1,
  run: async (args, context) => {
    const [pathA, pathB] = args.exactly('A', 'B')
    const isJson = args.has('json')
    const print = args.has('align') ? printAligned : printSameOffsets
    return await withSource(pathA, args, (a) => withSource(pathB, args, (b) => print({ a, b, isJson }, context)))
  },
}

interface Pair {
  readonly a: ByteSource
  readonly b: ByteSource
  readonly isJson: boolean
}

async function printSameOffsets({ a, b, isJson }: Pair, { output, progress, signal }: CommandContext): Promise<0 | 1> {
  const longest = Math.max(a.byteLength, b.byteLength)
  const shared = Math.min(a.byteLength, b.byteLength)
  let isSame = true
  const print = (start: number, end: number, kind: string): Promise<void> | undefined => {
    isSame = false
    const facts = { offset: start, byteLength: end - start, kind }
    return output.line(isJson ? JSON.stringify(facts) : `${offsetText(start, longest)}  ${end - start}  ${kind}`)
  }
  const unreadable = new Unreadable()
  for await (const page of differences(a, b, { signal, onProgress: progress.update })) {
    unreadable.add(page.unreadable)
    for (const { start, end } of page.items) {
      const wait = start < shared ? print(start, Math.min(end, shared), 'changed') : undefined
      if (wait !== undefined) await wait
    }
    await output.flush()
  }
  if (longest > shared) await print(shared, longest, a.byteLength > b.byteLength ? 'only in A' : 'only in B')
  unreadable.assertNone()
  return isSame ? 0 : 1
}

async function printAligned({ a, b, isJson }: Pair, { output, progress, signal }: CommandContext): Promise<0 | 1> {
  let isSame = true
  const textOf = ({ kind, ...pair }: AlignedDifference): string => {
    const placeA = [offsetText(pair.a.start, a.byteLength), pair.a.end - pair.a.start]
    const placeB = [offsetText(pair.b.start, b.byteLength), pair.b.end - pair.b.start]
    return [...placeA, ...placeB, kind].join('  ')
  }
  for await (const difference of diffAligned(a, b, { signal, onProgress: progress.update })) {
    if (difference.kind === 'equal') continue
    isSame = false
    const wait = output.line(isJson ? JSON.stringify(difference) : textOf(difference))
    if (wait !== undefined) await wait
  }
  return isSame ? 0 : 1
}
