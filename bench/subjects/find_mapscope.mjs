import { openFile } from '@mapscope/core'
import { find } from '@mapscope/core/shared'

const [, , file, text] = process.argv
const started = performance.now()
const source = openFile(file)
const { offset } = await find(source, Buffer.from(text), { from: 0, direction: 'forward' })
const seconds = (performance.now() - started) / 1000
await source.close()
process.stdout.write(JSON.stringify({ offset, seconds }))
