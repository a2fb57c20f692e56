import { type ByteSet, type MaskedByte, maskedByteOf, union } from './byte_set.ts'
import type { PatternNode } from './pattern_tree.ts'
import { reachOf } from './reach.ts'

/** Bytes that a match must hold: `(byte & masks[i]) === values[i]`, one after the other. */
export interface Needle {
  readonly values: Uint8Array
  readonly masks: Uint8Array
  /** How many bytes of the match come before them, at least and at most (Infinity where nothing bounds it)… */
  readonly minBefore: number
  readonly maxBefore: number
  /** …and which bytes those can be. */
  readonly before: ByteSet
}

/** Longest needle made: more bytes find no fewer false places. */
const MAX_NEEDLE_BYTE_LENGTH = 64
/** An expression of more branches than that is not worth a filter. */
const MAX_NEEDLES = 64
/** In bits: rarer than one byte of 128. */
const MIN_RARITY = 7

/**
 * Needles one of which lies in every match, the rarest that the expression gives; undefined when it gives none that is worth looking for.
 * A match of the empty string does not count, as such matches are never told.
 */
export function needlesOf(tree: PatternNode): readonly Needle[] | undefined {
  const found = new Finder(union(allSets(tree))).best(tree, NOTHING_BEFORE)
  return found !== undefined && found.rarity >= MIN_RARITY ? found.needles : undefined
}

/** The one needle that matches exactly where the expression does, for those that are a row of bytes and nothing else. */
export function wholeNeedle(tree: PatternNode): Needle | undefined {
  const row = flatRow(tree)
  if (row === undefined || row.length === 0 || row.length > 65_536) return undefined
  const bytes = row.map(maskedByteOf)
  if (!bytes.every((byte) => byte !== undefined) || bytes.every(({ mask }) => mask === 0)) return undefined
  return needleOf(bytes, NOTHING_BEFORE)
}

/** The rarest needle in a row of sets, which lies `minBefore` behind its start; undefined when none is worth looking for. */
export function needleOfRow(row: readonly ByteSet[]): Needle | undefined {
  const found = bestOfRow(row, NOTHING_BEFORE)
  return found !== undefined && found.rarity >= MIN_RARITY ? found.needles[0] : undefined
}

interface Before {
  readonly min: number
  readonly max: number
  readonly set: ByteSet
}

interface Found {
  readonly needles: readonly Needle[]
  /** Of the commonest of them, in bits. */
  readonly rarity: number
}

const NOTHING_BEFORE: Before = { min: 0, max: 0, set: new Uint8Array(256) }

class Finder {
  /** What a back reference may repeat. */
  readonly #allBytes: ByteSet

  constructor(allBytes: ByteSet) {
    this.#allBytes = allBytes
  }

  best(node: PatternNode, before: Before): Found | undefined {
    switch (node.kind) {
      case 'bytes':
        return bestOfRow([node.set], before)
      case 'sequence':
        return this.#bestOfSequence(node.items, before)
      case 'choice':
        return this.#all(node.items, before)
      case 'repeat':
        return node.min > 0 ? this.best(node.item, before) : undefined
      default:
        return undefined
    }
  }

  #bestOfSequence(items: readonly PatternNode[], before: Before): Found | undefined {
    let best: Found | undefined
    let row: ByteSet[] = []
    let rowBefore = before
    let here = before
    const endRow = (): void => {
      best = rarer(best, bestOfRow(row, rowBefore))
      row = []
    }
    for (const item of items) {
      const flat = flatRow(item)
      if (flat === undefined) {
        endRow()
        best = rarer(best, this.best(item, here))
      } else {
        if (row.length === 0) rowBefore = here
        row.push(...flat)
      }
      here = this.#after(item, here)
    }
    endRow()
    return best
  }

  /** One of each: whichever branch is taken, its needle is there. */
  #all(items: readonly PatternNode[], before: Before): Found | undefined {
    const found = items.map((item) => this.best(item, before))
    if (!found.every((one) => one !== undefined)) return undefined
    const needles = found.flatMap((one) => one.needles)
    if (needles.length > MAX_NEEDLES) return undefined
    // Twice the needles, twice the places.
    return { needles, rarity: Math.min(...found.map(({ rarity }) => rarity)) - Math.log2(items.length) }
  }

  #after(item: PatternNode, before: Before): Before {
    const { minByteLength, maxByteLength } = reachOf(item)
    if (maxByteLength === 0) return before
    const set = union([before.set, ...allSets(item, this.#allBytes)])
    return { min: before.min + minByteLength, max: before.max + maxByteLength, set }
  }
}

/** The sets of a node that takes so many bytes and is nothing else: `ab`, `\xe8[^]{4}`; undefined for other nodes. */
function flatRow(node: PatternNode): ByteSet[] | undefined {
  switch (node.kind) {
    case 'bytes':
      return [node.set]
    case 'sequence': {
      const rows = node.items.map(flatRow)
      return rows.every((row) => row !== undefined) ? rows.flat() : undefined
    }
    case 'repeat': {
      if (node.min !== node.max || node.min === 0 || node.min > 4096) return undefined
      const row = flatRow(node.item)
      return row && Array.from({ length: node.min }, () => row).flat()
    }
    default:
      return undefined
  }
}

/** The rarest needle in a row of sets: of the stretches without a set that no mask can tell, the best part of the best. */
function bestOfRow(row: readonly ByteSet[], before: Before): Found | undefined {
  let best: Found | undefined
  let stretch: MaskedByte[] = []
  let start = 0
  const endStretch = (): void => {
    best = rarer(best, bestOfStretch(stretch, placedBehind(row.slice(0, start), before)))
    stretch = []
  }
  for (const [index, set] of row.entries()) {
    const byte = maskedByteOf(set)
    if (byte === undefined) {
      endStretch()
      continue
    }
    if (stretch.length === 0) start = index
    stretch.push(byte)
    if (stretch.length === MAX_NEEDLE_BYTE_LENGTH) endStretch()
  }
  endStretch()
  return best
}

function placedBehind(row: readonly ByteSet[], before: Before): Before {
  if (row.length === 0) return before
  return { min: before.min + row.length, max: before.max + row.length, set: union([before.set, ...row]) }
}

function bestOfStretch(stretch: readonly MaskedByte[], before: Before): Found | undefined {
  const isTold = ({ mask }: MaskedByte): boolean => mask !== 0
  const first = stretch.findIndex(isTold)
  if (first < 0) return undefined
  const last = stretch.findLastIndex(isTold)
  const bytes = stretch.slice(first, last + 1)
  const any = new Uint8Array(256).fill(1)
  const free = Array.from({ length: first }, () => any)
  const needle = needleOf(bytes, placedBehind(free, before))
  return { needles: [needle], rarity: bytes.reduce((sum, byte) => sum + rarityOf(byte), 0) }
}

function needleOf(bytes: readonly MaskedByte[], before: Before): Needle {
  return {
    values: Uint8Array.from(bytes, ({ value }) => value),
    masks: Uint8Array.from(bytes, ({ mask }) => mask),
    minBefore: before.min,
    maxBefore: before.max,
    before: before.set,
  }
}

/** In bits, for files as they are: zeros are in every place, ones and text in many. */
function rarityOf({ value, mask }: MaskedByte): number {
  const bits = mask.toString(2).replaceAll('0', '').length
  if (value === 0) return bits / 4
  if (value === 0xff) return bits / 2
  return value >= 0x20 && value < 0x80 ? (bits * 3) / 4 + 1 : bits
}

function rarer(a: Found | undefined, b: Found | undefined): Found | undefined {
  if (a === undefined || b === undefined) return a ?? b
  // A needle that can lie anywhere behind the start says less about where the start is.
  return cost(b) > cost(a) ? b : a
}

function cost({ needles, rarity }: Found): number {
  const isBounded = needles.every(({ maxBefore }) => Number.isFinite(maxBefore))
  return Math.min(rarity, 32) + (isBounded ? 8 : 0)
}

function* allSets(node: PatternNode, unknown: ByteSet = NOTHING_BEFORE.set): Generator<ByteSet> {
  switch (node.kind) {
    case 'bytes':
      yield node.set
      return
    case 'sequence':
    case 'choice':
      for (const item of node.items) yield* allSets(item, unknown)
      return
    case 'repeat':
      yield* allSets(node.item, unknown)
      return
    case 'unknown':
      yield unknown
      return
    default:
      return
  }
}
