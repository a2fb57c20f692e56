// The file is cut while an expression runs over it in the threads: the hits before the cut are told, then the error, and nothing dies.
import { openSync, truncateSync, writeFileSync } from 'node:fs'
import { MappedSource, searchRegexp } from '@mapscope/core'

const MIB = 1024 ** 2
const [path] = process.argv.slice(2)
const whole = Buffer.alloc(48 * MIB, 'words of text, and more ')
const PATTERNS = ['absent|gone', '[^a-z ,]{3}', '(?:wor|tex)\\w+!', '\\0', 'x(?=!)|[q-z]{7}', 'words', 'w\\w+s']
const unexpected = []
let faults = 0
for (let round = 0; round < 14; round++) {
  writeFileSync(path, whole)
  const source = MappedSource.open(openSync(path, 'r'))
  const pattern = PATTERNS[round % PATTERNS.length]
  const expected = [...whole.subarray(0, MIB).toString('latin1').matchAll(new RegExp(pattern, 'g'))].length
  setTimeout(() => truncateSync(path, MIB), round * 2)
  let hits = 0
  let isCut = false
  for (let n = 0; n < 40 && !isCut; n++) {
    hits = 0
    try {
      for await (const batch of searchRegexp(source, { pattern })) {
        for (const { offset, byteLength } of batch.hits) {
          const text = Buffer.from(Array.from({ length: byteLength }, (_, at) => whole[offset + at])).toString('latin1')
          if (new RegExp(`^(?:${pattern})$`).exec(text) === null && !pattern.includes('(?='))
            unexpected.push([round, offset, text])
        }
        hits += batch.length
      }
    } catch ({ code, offset }) {
      isCut = true
      faults++
      if (code !== 'ERR_FAULT' || offset < MIB) unexpected.push([round, code, offset])
    }
  }
  if (isCut && hits < expected - 1) unexpected.push([round, 'hits before the cut are missing', hits, expected])
  await source.close()
}
console.log(JSON.stringify({ unexpected: unexpected.slice(0, 5), faults }))
