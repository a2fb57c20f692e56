import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { binding } from '../../dist/index.js'

const [path] = process.argv.slice(2)
const isMapped = () => readFileSync('/proc/self/maps', 'utf8').includes(path)

function mapAndForget() {
  const file = openSync(path, 'r')
  new binding.Mapping(file, { offset: 0, byteLength: 5000, access: 'read' }).getByte(0)
  closeSync(file)
}

mapAndForget()
const before = isMapped()
for (let turn = 0; turn < 100 && isMapped(); turn++) {
  globalThis.gc()
  await wait(10)
}
console.log(JSON.stringify({ before, after: isMapped() }))
