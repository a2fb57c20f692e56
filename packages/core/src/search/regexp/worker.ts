// The thread that expressions run in: whatever they do, it can be ended.
import { parentPort, workerData } from 'node:worker_threads'
import type { Answer, Failure, Ready, Request, ScanJob, ThreadData } from './messages.ts'
import { WindowScanner } from './window_scan.ts'

const cancelled = new Int32Array((workerData as ThreadData).cancelled)
const scanner = new WindowScanner()

parentPort?.on('message', (request: Request) => {
  if (request.kind === 'forget') scanner.forget(request.mapping)
  else answer(request.id, request.job)
})
parentPort?.postMessage({ isReady: true } satisfies Ready)

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
