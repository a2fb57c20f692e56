/** What a query comes to: the bytes to look for, or a sentence that tells the person what to change. */
export type ParsedQuery = { readonly needle: Uint8Array } | { readonly problem: string }

/** Longest needle, in bytes. Windows of a search overlap by one byte less than the needle, so it must stay small beside them. */
export const MAX_NEEDLE_BYTE_LENGTH = 65_536

/** The limits every kind of query shares, checked once the bytes are known. */
export function checkedNeedle(needle: Uint8Array): ParsedQuery {
  if (needle.length <= MAX_NEEDLE_BYTE_LENGTH) return { needle }
  return { problem: `That is ${needle.length} bytes; look for at most ${MAX_NEEDLE_BYTE_LENGTH} of them.` }
}
