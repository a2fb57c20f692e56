import { readFileSync } from 'node:fs'

const [, , file, text] = process.argv
const started = performance.now()
const offset = readFileSync(file).indexOf(text, 0, 'latin1')
const seconds = (performance.now() - started) / 1000
process.stdout.write(JSON.stringify({ offset, seconds }))
