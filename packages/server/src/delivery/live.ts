/** A file that changed so lately may be about to change again. */
const LIVE_MS = 10_000

export function isLive(changedMs: number): boolean {
  return Date.now() - changedMs < LIVE_MS
}
