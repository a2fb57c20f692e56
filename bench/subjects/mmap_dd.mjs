// dd, the measure of a sequential read that does nothing with the bytes. Its own start (a millisecond or two) is in the figure.
import { spawnSync } from 'node:child_process'

const [, , , file] = process.argv
const started = performance.now()
const { stderr, status } = spawnSync('dd', [`if=${file}`, 'of=/dev/null', 'bs=1M'], {
  encoding: 'utf8',
  env: { ...process.env, LC_ALL: 'C' },
})
const seconds = (performance.now() - started) / 1000
if (status !== 0) throw new Error(`dd failed: ${stderr}`)
const answer = Number(/^(\d+) bytes/m.exec(stderr)[1])
process.stdout.write(`${JSON.stringify({ firstSeconds: seconds, seconds, loopSeconds: 0, answer })}\n`)
