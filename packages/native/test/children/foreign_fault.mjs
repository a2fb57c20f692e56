// A fault that is not ours, in a process that has our handler. Prints FAULT each time ours guarded, `caught` each time theirs did.
import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { binding } from '../../dist/index.js'

const [path, addon, way] = process.argv.slice(2)
const neighbour = createRequire(import.meta.url)(addon)

const theirs = `${path}-theirs`
writeFileSync(theirs, Buffer.alloc(20_000, 'y'))
neighbour.map(theirs)
truncateSync(theirs, 0)

const intact = `${path}-intact`
writeFileSync(intact, Buffer.alloc(20_000, 'z'))
const open = (name) => {
  const file = openSync(name, 'r')
  const mapping = new binding.Mapping(file, { offset: 0, byteLength: 20_000, access: 'read' })
  closeSync(file)
  return mapping
}
const ours = open(path)
const whole = open(intact)
truncateSync(path, 0)

function guarded() {
  try {
    ours.getByte(0)
    console.log('nothing')
  } catch (error) {
    console.log(error.code)
  }
}

const WAYS = {
  dies() {
    guarded()
    neighbour.touch()
  },
  'dies-as-our-target'() {
    guarded()
    whole.copyOut(0, new Uint8Array(neighbour.expose()))
  },
  'handler-before-us'() {
    neighbour.installJumping()
    for (let round = 0; round < 2; round++) {
      guarded()
      console.log(neighbour.catches() ? 'caught' : 'nothing')
    }
  },
  'handler-after-us'() {
    guarded()
    neighbour.installJumping()
    console.log(neighbour.catches() ? 'caught' : 'nothing')
    guarded()
    console.log(neighbour.catches() ? 'caught' : 'nothing')
  },
  'passed-round'() {
    guarded()
    neighbour.installPassing() // passes on to us
    guarded() // we, in front of it again, pass on to it
    neighbour.touch()
  },
}

WAYS[way]()
