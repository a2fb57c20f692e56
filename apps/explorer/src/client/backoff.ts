export interface BackoffOptions {
  readonly baseMs: number
  readonly maxMs: number
}

/**
 * Doubles from `baseMs` up to `maxMs`, and takes off up to a quarter at random, so that the tabs a restarted server lost do
 * not all return in the same millisecond. `attempt` counts from 0.
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: () => number = Math.random): number {
  const full = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(attempt, 30))
  return Math.round(full * (1 - random() / 4))
}
