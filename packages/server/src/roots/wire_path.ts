import { ProblemError } from '../errors.ts'

/** A path as it comes over the wire, taken apart and found harmless: `<root name>/<components below it>`. */
export interface WirePath {
  readonly rootName: string
  readonly components: readonly string[]
}

/**
 * Takes a decoded path apart. Everything that could mean two things to two programs is refused here, before anything is
 * opened: `..`, `.`, empty components (also a leading or trailing slash), backslashes, NUL, lone surrogates. What remains is
 * still opened beneath its root only, because links are the file system's business.
 */
export function parseWirePath(text: string): WirePath {
  return toWirePath(text.split('/'))
}

/**
 * The same for the path of a URL. Split before decoding: `%2F` is then a slash inside a name, which no file has, and not one
 * more separator (CVE-2026-6414 was exactly that).
 */
export function parseUrlPath(encoded: string): WirePath {
  return toWirePath(encoded.split('/').map(decode))
}

export function formatWirePath(path: WirePath): string {
  return [path.rootName, ...path.components].join('/')
}

function decode(component: string): string {
  try {
    return decodeURIComponent(component)
  } catch (cause) {
    throw new ProblemError('ERR_REQUEST', 'the path is not percent-encoded UTF-8', { cause })
  }
}

function toWirePath(parts: readonly string[]): WirePath {
  for (const part of parts) assertPlain(part)
  const [rootName = '', ...components] = parts
  return { rootName, components }
}

function assertPlain(part: string): void {
  if (part === '..') throw new ProblemError('ERR_OUTSIDE_ROOTS', 'a path may not go up by ".."')
  if (part === '' || part === '.') {
    throw new ProblemError('ERR_REQUEST', 'a path is <root>/<name>/<name>, without empty or "." parts')
  }
  if (/[/\\\0]/.test(part)) {
    throw new ProblemError('ERR_OUTSIDE_ROOTS', 'a name in a path may not hold a slash, a backslash or NUL')
  }
  if (/\p{Surrogate}/u.test(part)) throw new ProblemError('ERR_REQUEST', 'the path is not well-formed Unicode')
}
