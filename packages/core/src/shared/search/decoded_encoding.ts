import type { TextEncoding } from './text_encoding.ts'

/** Every host has it; declared here because this layer is compiled without any host's types. */
declare const TextDecoder: new (label: string) => { readonly encoding: string; decode(bytes: Uint8Array): string }

/** What stands between two tries: it ends a sequence that was not finished, in all these encodings. */
const LINE_FEED = 0x0a

/** With shifts that change what later bytes mean, or none at all: a text has no bytes of its own there. */
const STATEFUL: readonly string[] = ['iso-2022-jp', 'replacement']
const WITH_FOUR_BYTES: readonly string[] = ['gbk', 'gb18030']

const known = new Map<string, TextEncoding>()

/** An encoding that the host can only decode: turned round by decoding everything it has. `undefined` when there is none of that name. */
export function decodedEncoding(label: string): TextEncoding | undefined {
  const name = canonicalName(label)
  if (name === undefined || STATEFUL.includes(name)) return undefined
  const encoding = known.get(name) ?? { name, spellingsOf: spellingsIn(name) }
  known.set(name, encoding)
  return encoding
}

function canonicalName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

function spellingsIn(name: string): TextEncoding['spellingsOf'] {
  const table = new Map<number, number[][]>([[LINE_FEED, [[LINE_FEED]]]])
  for (const sequences of [singles(), pairs(), triples()]) addDecoded(table, name, sequences)
  if (!WITH_FOUR_BYTES.includes(name)) return (point) => table.get(point) ?? []
  let isWhole = false
  return (point) => {
    if (point >= 0x10000) return [linearFour(point)]
    if (!table.has(point) && !isWhole) {
      addDecoded(table, name, fours())
      isWhole = true
    }
    return table.get(point) ?? []
  }
}

/** Decodes all the sequences at once, each on a line of its own; those that come to one character are entered. */
function addDecoded(table: Map<number, number[][]>, name: string, sequences: readonly number[][]): void {
  const bytes = Uint8Array.from(sequences.flatMap((sequence) => [...sequence, LINE_FEED]))
  const lines = new TextDecoder(name).decode(bytes).split('\n')
  for (const [at, sequence] of sequences.entries()) {
    const line = lines[at] ?? ''
    const point = line.codePointAt(0)
    if (point === undefined || point === 0xfffd || line.length !== String.fromCodePoint(point).length) continue
    const spellings = table.get(point)
    if (spellings === undefined) table.set(point, [sequence])
    else spellings.push(sequence)
  }
}

function singles(): number[][] {
  return bytesBetween(0, 0xff).flatMap((byte) => (byte === LINE_FEED ? [] : [[byte]]))
}

function pairs(): number[][] {
  return bytesBetween(0x81, 0xfe).flatMap((lead) => bytesBetween(0x30, 0xfe).map((trail) => [lead, trail]))
}

/** EUC-JP's third set. */
function triples(): number[][] {
  const trails = bytesBetween(0xa1, 0xfe)
  return trails.flatMap((second) => trails.map((third) => [0x8f, second, third]))
}

/** GB 18030, the part of it that lies below U+10000. */
function fours(): number[][] {
  const digits = bytesBetween(0x30, 0x39)
  const prefixes = bytesBetween(0x81, 0x84).flatMap((first) => digits.map((second) => [first, second]))
  return prefixes.flatMap((prefix) =>
    bytesBetween(0x81, 0xfe).flatMap((third) => digits.map((fourth) => [...prefix, third, fourth])),
  )
}

/** GB 18030 from U+10000 on: counted through from 90 30 81 30. */
function linearFour(point: number): number[] {
  const index = point - 0x10000
  return [
    0x90 + Math.floor(index / 12_600),
    0x30 + (Math.floor(index / 1260) % 10),
    0x81 + (Math.floor(index / 10) % 126),
    0x30 + (index % 10),
  ]
}

function bytesBetween(low: number, high: number): number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => low + index)
}
