// A worker with a live mapping ends; the main thread looks whether the kernel still has it mapped.
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { binding } from '../../dist/index.js'

const isMapped = (path) => readFileSync('/proc/self/maps', 'utf8').includes(path)

if (isMainThread) {
  const [path, way] = process.argv.slice(2)
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { path, way } })
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  await new Promise((resolve) => worker.once('message', resolve))
  const during = isMapped(path)
  if (way === 'searches') await worker.terminate()
  else worker.postMessage('return')
  await exited
  console.log(JSON.stringify({ during, after: isMapped(path) }))
} else {
  const { path, way } = workerData
  const file = openSync(path, 'r')
  const mapping = new binding.Mapping(file, {
    offset: 0,
    byteLength: binding.fileStatus(file).byteLength,
    access: 'read',
  })
  closeSync(file)
  globalThis.kept = mapping
  if (way === 'searches') {
    for (let i = 0; i < 6; i++) mapping.findAsync(Buffer.from('absent'), 0, mapping.byteLength, i % 2 === 0)
    const absent = binding.compilePattern({ kind: 'bytes', values: Buffer.from('absent') })
    for (let i = 0; i < 3; i++) mapping.matchAsync(absent, 0, mapping.byteLength, { limit: 1, isReverse: i === 1 })
    for (let i = 0; i < 20; i++) mapping.readAsync(i * 4096, 1024 ** 2)
  }
  setTimeout(() => parentPort.postMessage(mapping.getByte(0)), 50)
  parentPort.once('message', () => {})
}
