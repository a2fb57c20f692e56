/** The stupid ones: one byte after the other, no windows, no masks. */

export type Encoding = 'ascii' | 'utf8' | 'utf16le' | 'utf16be'
/** offset, byteLength */
export type Pair = readonly [number, number]

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x20 && byte <= 0x7e
}

/** How many bytes the printable character at `at` has; 0 when none begins there. */
type CharacterAt = (bytes: Uint8Array, at: number) => number

function utf8At(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    const [character, ...rest] = decoded(bytes.subarray(at, at + length))
    if (character === undefined || rest.length > 0) continue
    return isPrintable(character.codePointAt(0) as number) ? length : 0
  }
  return 0
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return ''
  }
}

const UNPRINTABLE: readonly Pair[] = [
  [0, 0x1f],
  [0x7f, 0x9f],
  [0x2028, 0x2029],
  [0xd800, 0xf8ff],
  [0xfdd0, 0xfdef],
  [0xfeff, 0xfeff],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1fffe, 0x1ffff],
  [0x2fffe, 0x2ffff],
  [0x3fffe, 0x10ffff],
]

function isPrintable(point: number): boolean {
  return !UNPRINTABLE.some(([low, high]) => point >= low && point <= high)
}

const CHARACTERS: Readonly<Record<Encoding, CharacterAt>> = {
  ascii: (bytes, at) => (isLetter(bytes[at]) ? 1 : 0),
  utf8: utf8At,
  utf16le: (bytes, at) => (isLetter(bytes[at]) && bytes[at + 1] === 0 ? 2 : 0),
  utf16be: (bytes, at) => (bytes[at] === 0 && isLetter(bytes[at + 1]) ? 2 : 0),
}

export function naiveStrings(bytes: Uint8Array, encoding: Encoding, minLength: number): Pair[] {
  const characterAt = CHARACTERS[encoding]
  const found: Pair[] = []
  for (let at = 0; at < bytes.length; ) {
    let end = at
    let characters = 0
    for (let length = characterAt(bytes, end); length > 0; length = characterAt(bytes, end)) {
      end += length
      characters++
    }
    if (characters >= minLength) found.push([at, end - at])
    at = characters > 0 ? end : at + 1
  }
  return found
}

export function naiveEqualRuns(bytes: Uint8Array, minByteLength: number): Pair[] {
  const found: Pair[] = []
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1
    while (end < bytes.length && bytes[end] === bytes[at]) end++
    if (end - at >= minByteLength) found.push([at, end - at])
    at = end
  }
  return found
}

export function naiveDifferences(a: Uint8Array, b: Uint8Array): Pair[] {
  const found: [number, number][] = []
  for (let at = 0; at < a.length; at++) {
    if (a[at] === b[at]) continue
    const last = found.at(-1)
    if (last !== undefined && last[0] + last[1] === at) last[1]++
    else found.push([at, 1])
  }
  return found
}

export interface NaiveStats {
  readonly entropy: number
  readonly classes: readonly number[]
  readonly least: number
  readonly most: number
}

export function naiveStats(bytes: Uint8Array): NaiveStats {
  const counts = naiveCounts(bytes)
  let entropy = bytes.length === 0 ? Number.NaN : 0
  for (const count of counts) if (count > 0) entropy -= (count / bytes.length) * Math.log2(count / bytes.length)
  const classes = [0, 0, 0, 0, 0]
  for (const byte of bytes) classes[classOf(byte)] = (classes[classOf(byte)] as number) + 1
  return {
    entropy,
    classes,
    least: Math.max(
      0,
      counts.findIndex((count) => count > 0),
    ),
    most: counts.findLastIndex((count) => count > 0),
  }
}

export function naiveCounts(bytes: Uint8Array): number[] {
  const counts = Array<number>(256).fill(0)
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1
  return counts
}

function classOf(byte: number): number {
  if (byte === 0) return 0
  if (byte === 0xff) return 4
  if (byte >= 0x80) return 3
  return isLetter(byte) || byte === 9 || byte === 10 || byte === 13 ? 1 : 2
}

/** `[a, b, c, d]` as `[[a, b], [c, d]]`. */
export function pairs(numbers: ArrayLike<number>): Pair[] {
  return Array.from(
    { length: numbers.length / 2 },
    (_, i): Pair => [numbers[2 * i] as number, numbers[2 * i + 1] as number],
  )
}

/** Runs that touch, as one. */
export function joined(runs: readonly Pair[]): Pair[] {
  const whole: [number, number][] = []
  for (const [offset, byteLength] of runs) {
    const last = whole.at(-1)
    if (last !== undefined && last[0] + last[1] === offset) last[1] += byteLength
    else whole.push([offset, byteLength])
  }
  return whole
}
