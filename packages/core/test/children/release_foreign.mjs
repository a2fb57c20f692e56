// Searches a file that this user may read and not write, giving its cache back.
import { chmodSync, closeSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { count, openFile } from '@mapscope/core'
import { binding } from '@mapscope/native'

const path = process.argv[2]
chmodSync(dirname(path), 0o755)
chmodSync(path, 0o644)
const NOBODY = 65_534
process.setegid(NOBODY)
process.seteuid(NOBODY)

const fd = openSync(path, 'r')
const mapping = new binding.Mapping(fd, { offset: 0, byteLength: 1, access: 'read' })
const tellsResidency = mapping.tellsResidency()
mapping.close()
const needle = new Uint8Array(20)
readSync(fd, needle, 0, 20, 12_582_912)
closeSync(fd)
const source = openFile(path)
const hits = await count(source, needle, { releasesCache: true })
await source.close()
console.log(JSON.stringify({ tellsResidency, hits }))
