// The trials, as data: adding one is a file in trials/ and a row here.
import { auditCostTrial } from './trials/audit_cost.mjs'
import { findTrial } from './trials/find.mjs'
import { httpNginxTrial } from './trials/http_nginx.mjs'
import { jobsTrial } from './trials/jobs.mjs'
import { jumpsTrial } from './trials/jumps.mjs'
import { mmapBulkTrial } from './trials/mmap_bulk.mjs'
import { mmapCallsTrial } from './trials/mmap_calls.mjs'
import { mmapColdTrial } from './trials/mmap_cold.mjs'
import { mmapTextTrial } from './trials/mmap_text.mjs'
import { mmapWritesTrial } from './trials/mmap_writes.mjs'
import { openTrial } from './trials/open.mjs'
import { scansTrial } from './trials/scans.mjs'
import { scrollTrial } from './trials/scroll.mjs'
import { searchBesideTrial } from './trials/search_beside.mjs'
import { searchBytesTrial } from './trials/search_bytes.mjs'
import { searchRegexpTrial } from './trials/search_regexp.mjs'
import { soakTrial } from './trials/soak.mjs'
import { socketViewportsTrial } from './trials/socket_viewports.mjs'
import { socketWatchTrial } from './trials/socket_watch.mjs'

export const TRIALS = [
  { name: 'open', question: 'does opening depend on the size of the file?', run: openTrial },
  { name: 'scroll', question: 'how many frames a second while a grid of 60 × 32 bytes scrolls?', run: scrollTrial },
  { name: 'jumps', question: 'what do 2,000 random jumps in 15 TiB cost the server in memory?', run: jumpsTrial },
  {
    name: 'http_nginx',
    question: 'how near to nginx are whole files, ranges and small reads, and what do others notice?',
    run: httpNginxTrial,
  },
  { name: 'audit_cost', question: 'what does it cost a small read to be written down?', run: auditCostTrial },
  { name: 'find', question: 'how long to find the last bytes of a file, sparse and dense?', run: findTrial },
  {
    name: 'mmap_calls',
    question: 'what do the shortest calls of a mapping cost, against its rivals?',
    run: mmapCallsTrial,
  },
  {
    name: 'mmap_writes',
    question: 'what do stores, flushes and opening cost, against its rivals?',
    run: mmapWritesTrial,
  },
  { name: 'mmap_bulk', question: 'how near to the memory’s speed is a GiB copied and searched?', run: mmapBulkTrial },
  {
    name: 'mmap_text',
    question: 'how fast are 200 MiB of text read by lines and by regular expressions?',
    run: mmapTextTrial,
  },
  {
    name: 'mmap_cold',
    question: 'how long does the event loop wait while a cold GiB is read, and how fast is that?',
    run: mmapColdTrial,
  },
  {
    name: 'search_bytes',
    question: 'how near to the memory’s speed are all hits of bytes, masks and lists counted?',
    run: searchBytesTrial,
  },
  {
    name: 'search_regexp',
    question: 'how fast are regular expressions over bytes, against Python and ripgrep?',
    run: searchRegexpTrial,
  },
  {
    name: 'search_beside',
    question: 'what do others notice of a search, and how soon does it end?',
    run: searchBesideTrial,
  },
  {
    name: 'jobs',
    question:
      'what does a job cost beside core’s own search, what does its server notice, and how soon is one cancelled?',
    run: jobsTrial,
  },
  {
    name: 'scans',
    question: 'how fast are strings, histograms, hashes, and a search of a cold file?',
    run: scansTrial,
  },
  {
    name: 'socket_viewports',
    question: 'how many viewports of 4 KiB a second go over the socket, and how late is the latest of a hundred?',
    run: socketViewportsTrial,
  },
  {
    name: 'socket_watch',
    question: 'how late do viewers hear of a store through another process’s mapping?',
    run: socketWatchTrial,
  },
  {
    name: 'soak',
    question: 'does a server of 50 viewers and changing files stay right, and as large as it was, for ten minutes?',
    run: soakTrial,
  },
]
