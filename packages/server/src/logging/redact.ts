/** The query, which may hold a token, and whatever else of a URL reads like one: a link that a chat has mangled has its `?` escaped. */
export function loggedPath(url: string): string {
  return withoutTokens(url.split(/[?#]/, 1)[0] ?? '')
}

export function withoutTokens(text: string): string {
  return text.replace(/(token|code)(=|%3D)[^\s&"'/?#]*/gi, '$1$2…')
}
