import type { Document } from './document.ts'

/** How soon a change on disk is told: an fstat costs a microsecond, so polling is cheap, and it sees what inotify cannot (NFS). */
const WATCH_INTERVAL_MS = 200

export interface WatchOptions {
  /** The documents there are now; asked at every tick. */
  readonly list: () => readonly Document[]
  readonly onError: (error: unknown, document: Document) => void
}

/** Looks after every document somebody is subscribed to, with one timer for all of them. Returns what stops it. */
export function watchDocuments({ list, onError }: WatchOptions): () => void {
  const timer = setInterval(() => {
    for (const document of list()) {
      if (!document.isSubscribed) continue
      try {
        document.checkDisk()
        document.checkWatched().catch((error: unknown) => onError(error, document))
      } catch (error) {
        onError(error, document)
      }
    }
  }, WATCH_INTERVAL_MS).unref()
  return () => clearInterval(timer)
}
