/** More than anybody writes. V8 ends the process, and not the search, when it compiles some thousand groups within each other. */
export const MAX_GROUP_DEPTH = 100

/** How many groups of an expression lie within each other at most. Of an expression that is none, some number. */
export function groupDepth(source: string): number {
  let depth = 0
  let deepest = 0
  let isInClass = false
  for (let at = 0; at < source.length; at++) {
    const sign = source[at]
    if (sign === '\\') at++
    else if (isInClass) isInClass = sign !== ']'
    else if (sign === '[') isInClass = true
    else if (sign === '(') deepest = Math.max(deepest, ++depth)
    else if (sign === ')') depth--
  }
  return deepest
}
