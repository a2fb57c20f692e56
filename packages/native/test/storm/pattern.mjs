/** Never zero, and another one on every page. */
export function patternAt(offset) {
  return ((offset * 31 + Math.floor(offset / 4096)) & 0xff) | 1
}

export function pattern(byteLength) {
  return Uint8Array.from({ length: byteLength }, (_, offset) => patternAt(offset))
}
