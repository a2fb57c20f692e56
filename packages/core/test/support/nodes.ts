import { delimiter } from 'node:path'

const named = (process.env['MAPSCOPE_NODES'] ?? '').split(delimiter).filter((node) => node !== '')

/** Every Node that children are to run under: the root's test script names them; alone, it is the one that runs the test. */
export const NODES: readonly string[] = named.length > 0 ? named : [process.execPath]
