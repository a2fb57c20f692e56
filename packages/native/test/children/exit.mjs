// Ends, in one way or another, while jobs are in flight.
import { closeSync, openSync } from 'node:fs'
import { binding } from '../../dist/index.js'

const [path, way] = process.argv.slice(2)
const file = openSync(path, 'r')
const mapping = new binding.Mapping(file, {
  offset: 0,
  byteLength: binding.fileStatus(file).byteLength,
  access: 'read',
})
closeSync(file)
const jobs = [mapping.findAsync(Buffer.from('absent'), 0, mapping.byteLength, false)]
const absent = binding.compilePattern({ kind: 'any', needles: [{ values: Buffer.from('absent') }] })
jobs.push(mapping.matchAsync(absent, 0, mapping.byteLength, { limit: 1 }))
for (let i = 0; i < 100; i++) jobs.push(mapping.readAsync(i, 4096 - i))

if (way === 'nothing') {
  await Promise.all(jobs.map((job) => job.result))
  console.log('done')
} else {
  setTimeout(() => {
    if (way === 'process.exit') process.exit(7)
    throw new Error('uncaught')
  }, 30)
}
