// What a Node program writes without a library: the file in a Buffer, and a loop.
import { readFileSync } from 'node:fs'
import { histogramSum } from '../lib/histogram_sum.mjs'
import { measure } from '../lib/measure.mjs'

function histogram({ file, tables = 1 }) {
  const bytes = readFileSync(file)
  const counted = tables === 4 ? countedInFour : counted1
  return { pass: () => histogramSum(counted(bytes)) }
}

function counted1(bytes) {
  const counts = new Uint32Array(256)
  for (let at = 0; at < bytes.length; at += 1) counts[bytes[at]] += 1
  return counts
}

/** Equal bytes in a row do not wait for one another's sums. */
function countedInFour(bytes) {
  const tables = Array.from({ length: 4 }, () => new Uint32Array(256))
  const [a, b, c, d] = tables
  const whole = bytes.length - (bytes.length % 4)
  for (let at = 0; at < whole; at += 4) {
    a[bytes[at]] += 1
    b[bytes[at + 1]] += 1
    c[bytes[at + 2]] += 1
    d[bytes[at + 3]] += 1
  }
  for (let at = whole; at < bytes.length; at += 1) a[bytes[at]] += 1
  return a.map((count, value) => tables.reduce((sum, table) => sum + table[value], count - a[value]))
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
