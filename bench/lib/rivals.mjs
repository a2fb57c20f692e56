// Who takes part in the mapping's trials: how each is started, and what has to be there before.
import path from 'node:path'
import { root } from '../../scripts/lib/root.mjs'
import { limitProgram, prepareLimit } from './limit.mjs'
import { prepareRiaskov } from './riaskov.mjs'

export const subject = (name) => path.join(root, 'bench/subjects', name)
export const inNode = (name) => ({ program: process.execPath, args: [subject(name)] })
const fs = (form) => ({ ...inNode('mmap_fs.mjs'), parameters: { form } })

/** By the name that rows and records use. `parameters` are added to those of the row; `prepare` says why a rival cannot take part. */
export const RIVALS = {
  mapscope: inNode('mmap_mapscope.mjs'),
  'memory of a lease': inNode('mmap_view.mjs'),
  'python mmap': { program: 'python3', args: [subject('mmap_python.py')] },
  'fs sync': fs('sync'),
  'fs callback': fs('callback'),
  'fs promises': fs('promises'),
  'fs readFile': fs('readFile'),
  'buffer of readFile': inNode('mmap_buffer.mjs'),
  '@riaskov/mmap-io': { ...inNode('mmap_riaskov.mjs'), prepare: prepareRiaskov },
  'C, the limit': { program: limitProgram, args: [], prepare: prepareLimit },
  dd: inNode('mmap_dd.mjs'),
  'idle loop': fs('sync'),
}

/** Name of each rival that cannot take part, with the reason. */
export async function absentees(names, rivals) {
  const reasons = {}
  for (const name of names) {
    const reason = await rivals[name].prepare?.()
    if (reason !== undefined) reasons[name] = reason
  }
  return reasons
}
