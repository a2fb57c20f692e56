import { closeSync, openSync } from 'node:fs'
import { binding } from '../../dist/index.js'

const [root, way] = process.argv.slice(2)
const open = way === 'walk' ? binding.openBeneathByWalk : binding.openBeneath
const rootFd = openSync(root, 'r')

function tried(path, isWritable) {
  try {
    closeSync(open(rootFd, path, { isWritable }).fd)
    return 'opened'
  } catch (error) {
    return error.errnoName
  }
}

console.log(
  JSON.stringify({
    unreadable: tried('unreadable', false),
    'read-only, to write': tried('read-only', true),
    'read-only': tried('read-only', false),
    'pass-through/readable': tried('pass-through/readable', false),
  }),
)
