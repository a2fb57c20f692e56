interface Route {
  readonly url: string
  readonly method: string | string[]
}

/** What a path may be asked with, by the patterns of the routes: `:name` stands for one segment, `*` for all that follows. Empty where there is no such path. */
export function allowedMethods(routes: readonly Route[], path: string): string[] {
  const methods = routes.filter(({ url }) => isMatch(url, path)).flatMap(({ method }) => method)
  return [...new Set(methods)].sort()
}

function isMatch(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  for (const [at, part] of wanted.entries()) {
    if (part === '*') return given.length > at
    const segment = given[at]
    if (segment === undefined || (part.startsWith(':') ? segment === '' : segment !== part)) return false
  }
  return given.length === wanted.length
}
