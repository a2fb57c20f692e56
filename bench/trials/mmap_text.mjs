import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { inFolder, MiB } from '../lib/files.mjs'
import { writeText } from '../lib/inputs.mjs'
import { measureRows } from '../lib/operations.mjs'

const ENDING = 'mapscope  marker 20261122 of somebody_else@mapscope.example\n'

/** 200 MB of real text: line by line, and by regular expressions that match at its very end. */
export function mmapTextTrial() {
  return inFolder((folder) => {
    const file = path.join(folder, 'text.txt')
    writeText(file, 200 * MiB, ENDING)
    const { size } = statSync(file)
    const row = { file, unit: 'ms', byteLength: size }
    const searchRow = (name, pattern) => ({
      ...row,
      name,
      operation: 'search',
      parameters: { pattern, passes: 2 },
      rivals: ['mapscope', 'python mmap', 'buffer of readFile'],
      answer: readFileSync(file, 'latin1').search(new RegExp(pattern)),
    })
    const lines = linesIn(file)
    return measureRows(
      [
        {
          ...row,
          name: 'readLine, all of 200 MiB of text',
          operation: 'lines',
          unit: 'ns per call',
          byteLength: undefined,
          calls: lines,
          parameters: { passes: 2 },
          rivals: ['mapscope', 'python mmap', 'buffer of readFile', 'fs promises'],
          answer: `${lines} lines, ${size} bytes`,
        },
        searchRow('search for what begins with a word', 'mapscope\\s+marker\\s+\\d{8}'),
        searchRow('search for what begins with digits', '\\d+ of [a-z_]+@mapscope\\.example'),
      ],
      { rounds: 3 },
    )
  })
}

function linesIn(file) {
  const bytes = readFileSync(file)
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1
  return lines
}
