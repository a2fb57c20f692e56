/** A count of bytes, exact at any size, or a sentence that tells the person what to change. */
export type ParsedCount = { readonly count: bigint } | { readonly problem: string }

const PREFIXED_HEX = /^(?:0x|\$)([0-9a-f_]+)$/i
const SUFFIXED_HEX = /^([0-9][0-9a-f_]*)h$/i
const DECIMAL = /^[0-9][0-9_]*$/
const SCALED = /^([0-9][0-9_]*)(?:\.([0-9]+))?([kmgt])(i?)(b?)$/i
const BARE_HEX = /^[0-9a-f]+$/i

const UNITS: Readonly<Record<string, bigint>> = { k: 1n << 10n, m: 1n << 20n, g: 1n << 30n, t: 1n << 40n }

/** No offset needs more; what is longer is a paste gone wrong. */
const MAX_TEXT_LENGTH = 64

/** One row per way to write a number; the first that fits decides. */
const FORMS: readonly { readonly pattern: RegExp; readonly read: (match: RegExpExecArray) => ParsedCount }[] = [
  { pattern: PREFIXED_HEX, read: (match) => hexCount(match[1] as string) },
  { pattern: DECIMAL, read: (match) => ({ count: BigInt(plain(match[0])) }) },
  { pattern: SUFFIXED_HEX, read: (match) => hexCount(match[1] as string) },
  { pattern: SCALED, read: scaledCount },
]

/** `1234`, `1_000`, `0x1F`, `$1F`, `1Fh`, `4k`, `1.5Gi`, `10MiB`. Neither signs nor blanks. */
export function parseCount(text: string): ParsedCount {
  if (text.length > MAX_TEXT_LENGTH)
    return { problem: 'That is too long for an offset; write a number such as 0x1F40 or 8000.' }
  for (const form of FORMS) {
    const match = form.pattern.exec(text)
    if (match !== null) return form.read(match)
  }
  if (BARE_HEX.test(text)) return { problem: `“${text}” is not decimal; for hexadecimal write 0x${text}.` }
  return { problem: `“${text}” is not an offset; write 1234, 0x1F, 42%, 4k, +16, -16, end or end-0x40.` }
}

/** Decimal digits with an optional fraction as an exact fraction: `99.95` is 9995 / 100. */
export function decimalFraction(
  whole: string,
  fraction: string,
): { readonly numerator: bigint; readonly denominator: bigint } {
  return { numerator: BigInt(plain(whole) + fraction), denominator: 10n ** BigInt(fraction.length) }
}

function hexCount(digits: string): ParsedCount {
  const bare = plain(digits)
  return bare === '' ? { problem: 'Hexadecimal digits are missing; write 0x1F.' } : { count: BigInt(`0x${bare}`) }
}

function scaledCount([text, whole, fraction, letter, binary, byteSign]: RegExpExecArray): ParsedCount {
  if (binary === '' && byteSign !== '') {
    return {
      problem: `“${text}” could mean thousands; write ${whole}${letter} or ${whole}${letter}iB, which count in 1024s.`,
    }
  }
  const { numerator, denominator } = decimalFraction(whole as string, fraction ?? '')
  return { count: (numerator * (UNITS[(letter as string).toLowerCase()] as bigint)) / denominator }
}

function plain(digits: string): string {
  return digits.replaceAll('_', '')
}
