import type { FastifyInstance } from 'fastify'
import { closeGracefully } from '../lifecycle/close_gracefully.ts'
import { hasTerminal } from './reread.ts'

/** A person at the console waits no longer than this; who stops a service has said how long it may take. */
const CONSOLE_GRACE_MS = 1_500
/** Beyond the grace: what is broken off is closed in milliseconds, but a disk that hangs must not keep the process. */
const EXTRA_MS = 1_500

export interface SignalOptions {
  readonly graceMs: () => number
  /** SIGHUP, where no terminal has hung up. */
  readonly onReread: () => void
}

/** Ends the process when it is told to: gracefully at the first signal, at once at the second. */
export function endOnSignals(app: FastifyInstance, { graceMs, onReread }: SignalOptions): void {
  let isEnding = false
  // Now, for a terminal that has hung up is there no more.
  const isOnTerminal = hasTerminal()
  const end = (signal: NodeJS.Signals): void => {
    if (isEnding) process.exit(130)
    isEnding = true
    const signalGraceMs = signal === 'SIGINT' ? Math.min(graceMs(), CONSOLE_GRACE_MS) : graceMs()
    process.stdout.write('\nEnding: connections and files are being closed.\n')
    setTimeout(() => process.exit(0), signalGraceMs + EXTRA_MS)
    closeGracefully(app, { graceMs: signalGraceMs }).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`mapscope: ${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  process.on('SIGHUP', (signal) => {
    if (isEnding || isOnTerminal) end(signal)
    else onReread()
  })
}
