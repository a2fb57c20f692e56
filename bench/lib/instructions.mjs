import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What a process executes in user mode while `run` runs, by `perf stat`; `count` undefined where perf is not there, or may not. */
export async function countInstructions(pid, run) {
  const perf = spawn('perf', ['stat', '-x', ',', '-e', 'instructions:u', '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  let told = ''
  perf.stderr.on('data', (data) => (told += data))
  const ended = new Promise((resolve) => {
    perf.once('error', () => resolve())
    perf.once('close', () => resolve())
  })
  await Promise.race([once(perf, 'spawn').catch(() => undefined), ended])
  const result = await run()
  perf.kill('SIGINT')
  await ended
  const count = Number(/^(\d+),,instructions/m.exec(told)?.[1])
  return { result, count: Number.isFinite(count) ? count : undefined }
}
