// What a Node program writes without a library: the file in a Buffer, and a loop.
import { readFileSync } from 'node:fs'
import { measure } from '../lib/measure.mjs'

function histogram({ file }) {
  const bytes = readFileSync(file)
  const pass = () => {
    const counts = new Uint32Array(256)
    for (let at = 0; at < bytes.length; at += 1) counts[bytes[at]] += 1
    return counts[0] + counts[255]
  }
  return { pass }
}

function findAll({ file, needle }) {
  const bytes = readFileSync(file)
  const wanted = Buffer.from(needle, 'hex')
  const pass = () => {
    let found = 0
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length)) found += 1
    return found
  }
  return { pass }
}

await measure({ histogram, findAll })
