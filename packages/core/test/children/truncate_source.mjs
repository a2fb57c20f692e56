// Every operation of a source over a file that was cut to 5,000 bytes: in the middle of a page, on purpose.
import { truncateSync } from 'node:fs'
import { find, openFile } from '@mapscope/core'

const path = process.argv[2]
const source = openFile(path, { isWritable: true })
truncateSync(path, 5000)

const within = await source.read(0, 5)
const failure = (error) => ({ code: error.code, offset: error.offset, fileByteLength: error.fileByteLength })
const report = {
  readWithin: { text: Buffer.from(within.bytes).toString(), unreadable: within.unreadable },
  readAcross: (await source.read(0, 12_288)).unreadable,
  readBeyond: (await source.read(1_000_000, 10)).unreadable,
  readLong: (await source.read(0, source.byteLength)).unreadable,
  findForward: await find(source, Buffer.from('absent'), { from: 0, direction: 'forward', isWrapping: true }),
  findBackward: await find(source, Buffer.from('start'), { from: source.byteLength, direction: 'backward' }),
  findZeros: await find(source, new Uint8Array(2), { from: 0, direction: 'forward' }),
  // The rest of the last page shows zeros, which are not the file's.
  findZerosAcross: await find(source, new Uint8Array(3), { from: 4998, direction: 'forward' }),
  write: await source.write(4990, new Uint8Array(20)).catch(failure),
  writeWithin: (await source.write(4980, new Uint8Array(20))).kind,
  byteLength: source.status().byteLength,
}
await source.close()
console.log(JSON.stringify(report))
