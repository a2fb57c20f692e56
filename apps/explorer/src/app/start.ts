import { backoffMs } from '../client/backoff.ts'
import { ClientError, isPassing } from '../client/client_error.ts'
import { parseLink } from './deep_link.ts'
import { openLink } from './open_link.ts'
import type { Services } from './services.ts'

/** Lets this tab in, connects it and opens what the link names; ends when that is under way. */
export async function start(services: Services): Promise<void> {
  await redeemToken(services)
  const roots = await firstListing(services)
  if (roots === undefined) return
  services.connection.setState({ access: 'granted' })
  services.socket.connect()
  const link = parseLink(location.hash)
  const onlyFile = roots.entries.length === 1 && roots.entries[0]?.kind === 'file' ? roots.entries[0].path : undefined
  const path = link.path ?? onlyFile
  if (path !== undefined) void openLink(services, path, link.offset)
}

/** Exchanges the link's token or one-time code for a cookie and takes it out of the address bar, where it could be read or copied along. */
async function redeemToken({ http }: Services): Promise<void> {
  const url = new URL(location.href)
  const [token, code] = [url.searchParams.get('token'), url.searchParams.get('code')]
  if (token === null && code === null) return
  // An old link in a browser that holds a session already may still work; the listing tells. So a refusal is an answer too.
  await untilAnswered(() => http.startSession(token === null ? { code: code ?? '' } : { token }))
  url.searchParams.delete('token')
  url.searchParams.delete('code')
  history.replaceState(history.state, '', url)
}

/** The list of roots; `undefined` when the server does not let us in. */
async function firstListing({ http, connection }: Services) {
  const answer = await untilAnswered(() => http.listFiles(''))
  if ('refusal' in answer) connection.setState({ access: 'denied' })
  return 'refusal' in answer ? undefined : answer.value
}

type Answered<T> = { readonly value: T } | { readonly refusal: ClientError }

/** Asks until the server says something: it may only be starting. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<Answered<T>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return { value: await ask() }
    } catch (error) {
      if (!isPassing(error) && error instanceof ClientError) return { refusal: error }
      if (!isPassing(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, { baseMs: 400, maxMs: 5_000 })))
    }
  }
}
