/*
 * Each byte belongs to one class and each class to one colour; the split is hexyl's, with 0xFF (erased flash, all ones) as its own.
 */
export const BYTE_CLASSES = ['nul', 'printable', 'whitespace', 'control', 'high', 'ff'] as const
export type ByteClass = (typeof BYTE_CLASSES)[number]

/** Index of an unreadable cell in the tables below, after the 256 bytes. */
export const UNREADABLE = 256
/** Colour index of an unreadable cell, after the classes. */
export const COLOUR_UNREADABLE: number = BYTE_CLASSES.length

const QUESTION = 0x3f
const FULL_STOP = 0x2e
const NO_BREAK_SPACE = 0xa0
const DIGITS = '0123456789ABCDEF'

/** Colour of each cell: an index into BYTE_CLASSES, or COLOUR_UNREADABLE. */
export const COLOUR_OF: Uint8Array = table((byte) => BYTE_CLASSES.indexOf(classify(byte)), COLOUR_UNREADABLE)

/** Character codes of each byte's two hex digits. */
export const HIGH_DIGIT: Uint8Array = table((byte) => DIGITS.charCodeAt(byte >> 4), QUESTION)
export const LOW_DIGIT: Uint8Array = table((byte) => DIGITS.charCodeAt(byte & 15), QUESTION)

/**
 * The character code that stands for each byte in the text pane: itself when it has a glyph, else a full stop. A space is a
 * no-break space, which looks the same and does not part a string into words (row_text.ts).
 */
export const TEXT_CODE: Uint8Array = table((byte) => {
  if (byte === 0x20) return NO_BREAK_SPACE
  return byte > 0x20 && byte < 0x7f ? byte : FULL_STOP
}, QUESTION)

function table(ofByte: (byte: number) => number, ofUnreadable: number): Uint8Array {
  return Uint8Array.from({ length: 257 }, (_, index) => (index === UNREADABLE ? ofUnreadable : ofByte(index)))
}

/** A byte as two upper-case hex digits. */
export function byteLabel(byte: number): string {
  return String.fromCharCode(HIGH_DIGIT[byte & 255] ?? 0, LOW_DIGIT[byte & 255] ?? 0)
}

/** The class of a byte: 0x20 and 0x09 to 0x0D are whitespace, the other bytes below 0x20 and 0x7F are control. */
export function classify(byte: number): ByteClass {
  if (byte === 0) return 'nul'
  if (byte === 0xff) return 'ff'
  if (byte >= 0x80) return 'high'
  if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return 'whitespace'
  return byte < 0x20 || byte === 0x7f ? 'control' : 'printable'
}
