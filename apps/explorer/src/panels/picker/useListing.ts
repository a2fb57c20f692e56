import type { FileList } from '@mapscope/protocol'
import { useEffect, useState } from 'react'
import { messageOf } from '../../client/client_error.ts'
import type { HttpClient } from '../../client/http.ts'

export type Listing =
  | { readonly kind: 'loading' }
  | { readonly kind: 'listed'; readonly list: FileList }
  | { readonly kind: 'failed'; readonly message: string }

/** The entries of a folder; `attempt` rises to ask again. */
export function useListing(http: HttpClient, path: string, attempt: number): Listing {
  const [listing, setListing] = useState<{ path: string; attempt: number; value: Listing } | undefined>()
  useEffect(() => {
    const controller = new AbortController()
    const show = (value: Listing) => {
      if (!controller.signal.aborted) setListing({ path, attempt, value })
    }
    http.listFiles(path, { signal: controller.signal }).then(
      (list) => show({ kind: 'listed', list }),
      (error) => show({ kind: 'failed', message: messageOf(error) }),
    )
    return () => controller.abort()
  }, [http, path, attempt])
  const isPresent = listing?.path === path && listing.attempt === attempt
  return isPresent ? listing.value : { kind: 'loading' }
}
