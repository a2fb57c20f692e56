// All of the file in memory, read once before the clock starts.
import { readFileSync } from 'node:fs'
import { measure } from '../lib/measure.mjs'
import { memoryOperations } from './memory.mjs'

await measure(memoryOperations((file) => ({ bytes: readFileSync(file) })))
