import type { NativeJob } from '@mapscope/native'
import { translated } from '../native_errors.ts'
import type { CancelSignal } from '../shared/index.ts'
import { settle } from '../source/native_jobs.ts'
import type { MapState } from './map_state.ts'

export interface SignalOptions {
  /** Aborting it rejects with its reason at once; the work itself stops within a MiB or when the disk answers. */
  readonly signal?: CancelSignal | undefined
}

/** Runs work on another thread; the mapping stays until it is done, and its errors are `MapscopeError`s. */
export function runJob<T>(state: MapState, begin: () => NativeJob<T>, { signal }: SignalOptions): Promise<T> {
  return state.holdOpen(async () => {
    signal?.throwIfAborted()
    const job = translated(begin, state.context)
    return await settle(job, { jobs: state.jobs, signal, context: state.context })
  })
}
