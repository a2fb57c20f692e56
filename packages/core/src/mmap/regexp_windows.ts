import { type ByteRange, MapscopeError } from '../shared/index.ts'

/** Text whose code units are bytes, a window of it at a time. */
export interface ByteText {
  readonly lengths: WindowLengths
  /**
   * A window that holds the bytes from `behind` before `from` (or the first) to `room` after it (or to `end`), and none from `end` on. Larger
   * is better. Its text must not be kept.
   */
  around(from: number, bounds: { readonly end: number; readonly room: number }): TextWindow
}

export interface TextWindow {
  readonly start: number
  /** One code unit for each byte. */
  readonly text: string
}

export interface WindowLengths {
  /** Longest window: at least `behind` and twice `ahead`. */
  readonly longest: number
  /** What a look-behind is sure to see before a match. */
  readonly behind: number
  /** What a match, with what it looks at behind its end, may take and is sure to be found whole. */
  readonly ahead: number
}

/** A match, with ranges that count from where the windows' do; `captures[0]` is the whole. */
export interface RegExpMatch {
  readonly captures: readonly (ByteRange | undefined)[]
  readonly groups: Readonly<Record<string, ByteRange | undefined>>
}

/**
 * The leftmost match that begins in the range, as if all bytes up to its end were one string and `lastIndex` its start: what is before it is
 * seen by look-behinds, `\b` and `^`, and what is after its end by nothing.
 *
 * Where one window does not hold them all, a start is given up, and a match believed, only with `ahead` bytes in sight. A match that reaches
 * farther is looked at again in a window of its own. So matches up to `ahead` bytes are as in one string. Of longer ones that begin near a
 * window's end, some are missed: no engine tells what it would have done with more text.
 *
 * @param matcher has the flag `d`, and `g` or `y`; its `lastIndex` is used.
 * @throws `ERR_RANGE` for a match longer than a window.
 */
export function firstMatch(matcher: RegExp, { start, end }: ByteRange, text: ByteText): RegExpMatch | undefined {
  const { longest, behind, ahead } = text.lengths
  const most = longest - behind
  let from = start
  let room = 2 * ahead
  while (true) {
    const window = text.around(from, { end, room })
    const high = window.start + window.text.length
    const match = matchIn(window, matcher, from)
    if (high === end) return match && placedAt(match, window)
    const at = match === undefined ? high : window.start + match.index
    if (match !== undefined && at < high - ahead) {
      if (at + match[0].length <= high - ahead) return placedAt(match, window)
      if (at === from && room === most) throw tooLong(at, most)
      from = at
      room = most
    } else if (matcher.sticky) {
      return undefined
    } else {
      from = high - ahead
      room = 2 * ahead
    }
  }
}

function matchIn({ start, text }: TextWindow, matcher: RegExp, from: number): RegExpExecArray | undefined {
  matcher.lastIndex = from - start
  try {
    return matcher.exec(text) ?? undefined
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new MapscopeError(
      'ERR_RANGE',
      'The engine’s stack is too small for this expression; say less than (a|b)* of so many bytes, as [ab]*.',
      { cause },
    )
  }
}

function placedAt({ indices }: RegExpExecArray, { start: low }: TextWindow): RegExpMatch {
  if (indices === undefined) throw new TypeError('the matcher has no flag d')
  const placed = (pair: [number, number] | undefined): ByteRange | undefined =>
    pair && { start: low + pair[0], end: low + pair[1] }
  const groups = Object.entries(indices.groups ?? {}).map(([name, pair]) => [name, placed(pair)] as const)
  return { captures: indices.map(placed), groups: Object.fromEntries(groups) }
}

function tooLong(at: number, longest: number): MapscopeError {
  return new MapscopeError(
    'ERR_RANGE',
    `The match at ${at} does not end within ${longest} bytes; bound its quantifiers, as {0,1000} for *, or pass an end.`,
  )
}
