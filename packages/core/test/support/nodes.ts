import { delimiter } from 'node:path'

const named = (process.env['MAPSCOPE_NODES'] ?? '').split(delimiter).filter((node) => node !== '')

/**
 * The Nodes that children are to run under: of those that the root's test script names, the floor and the newest; alone, the one that runs the test.
 * The addon's own tests run under all four; to do so here too took CI three minutes more and never told anything else.
 */
export const NODES: readonly string[] = [...new Set([named.at(0), named.at(-1)])].map(
  (node) => node ?? process.execPath,
)
