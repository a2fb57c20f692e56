// The trials, as data: adding one is a file in trials/ and a row here.
import { findTrial } from './trials/find.mjs'
import { jumpsTrial } from './trials/jumps.mjs'
import { openTrial } from './trials/open.mjs'
import { scrollTrial } from './trials/scroll.mjs'

export const TRIALS = [
  { name: 'open', question: 'does opening depend on the size of the file?', run: openTrial },
  { name: 'scroll', question: 'how many frames a second while a grid of 60 × 32 bytes scrolls?', run: scrollTrial },
  { name: 'jumps', question: 'what do 2,000 random jumps in 15 TiB cost the server in memory?', run: jumpsTrial },
  { name: 'find', question: 'how long to find the last bytes of a file, sparse and dense?', run: findTrial },
]
