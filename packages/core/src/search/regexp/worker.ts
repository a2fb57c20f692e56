// The thread that expressions run in: whatever they do, it can be ended.
import { getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { Answer, Failure, Ready, Request, ScanJob, ThreadData } from './messages.ts'
import { WindowScanner } from './window_scan.ts'

/**
 * How much nicer than the thread that began it. Two expressions' threads beside two of native searches are more than a small machine has cores: with all alike, the
 * event loop waited for its turn behind them, 13 ms at p99 where it is 7 now (two cores that others used, too).
 */
const NICER = 10

lowerPriority()

const cancelled = new Int32Array((workerData as ThreadData).cancelled)
const scanner = new WindowScanner()

parentPort?.on('message', (request: Request) => {
  if (request.kind === 'forget') scanner.forget(request.mapping)
  else answer(request.id, request.job)
})
parentPort?.postMessage({ isReady: true } satisfies Ready)

/** On Linux a priority is a thread's own; elsewhere it is the process's, and not ours to change. */
function lowerPriority(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(0, Math.min(19, getPriority(0) + NICER))
  } catch {
    // Where a sandbox forbids that, it is as it was.
  }
}

function answer(id: number, job: ScanJob): void {
  try {
    const report = scanner.scan(job, () => Atomics.load(cancelled, 0) === id)
    post({ id, report }, [report.hits.buffer as ArrayBuffer])
  } catch (error) {
    post({ id, failure: failureOf(error) }, [])
  }
}

function post(message: Answer, transferred: readonly ArrayBuffer[]): void {
  parentPort?.postMessage(message, transferred)
}

function failureOf(error: unknown): Failure {
  const { code, message, offset, fileByteLength } = error as Partial<Failure>
  const isStack = error instanceof RangeError
  return { code: isStack ? 'ERR_STACK' : code, message: message ?? String(error), offset, fileByteLength }
}
