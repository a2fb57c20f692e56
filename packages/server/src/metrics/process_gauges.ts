import { readdirSync } from 'node:fs'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metrics } from './metrics.ts'

const NANOSECONDS = 1e9
const DELAY_RESOLUTION_MS = 10

/** What the process takes, under the names that every dashboard knows, and how long its event loop lets others wait. Until the returned function is called. */
export function addProcessGauges(metrics: Metrics): () => void {
  const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  delays.enable()
  metrics.gauge('mapscope_event_loop_delay_seconds', {
    help: 'How late the event loop was since the last scrape.',
    labels: ['quantile'],
    read: () => readDelays(delays),
  })
  metrics.gauge('mapscope_major_page_faults', {
    help: 'Page faults that waited for a disk, since the start.',
    read: () => process.resourceUsage().majorPageFault,
  })
  metrics.gauge('process_resident_memory_bytes', {
    help: 'Resident memory, with the pages of mapped files that are in it.',
    read: () => process.memoryUsage.rss(),
  })
  metrics.gauge('process_cpu_seconds', {
    help: 'Processor time, since the start.',
    read: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  })
  metrics.gauge('process_open_fds', {
    help: 'Open descriptors; -1 where the system does not tell.',
    read: openDescriptors,
  })
  const startSeconds = Date.now() / 1_000 - process.uptime()
  metrics.gauge('process_start_time_seconds', { help: 'When it started, since 1970.', read: () => startSeconds })
  return () => delays.disable()
}

function readDelays(delays: IntervalHistogram): { labels: { quantile: string }; value: number }[] {
  const readings = ([50, 99, 100] as const).map((percentile) => ({
    labels: { quantile: String(percentile / 100) },
    // Each sample holds the sampling's own pause, which is no delay.
    value:
      delays.count === 0 ? 0 : Math.max(delays.percentile(percentile) / NANOSECONDS - DELAY_RESOLUTION_MS / 1_000, 0),
  }))
  delays.reset()
  return readings
}

function openDescriptors(): number {
  try {
    // One of them is the folder's own, while it is read.
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return -1
  }
}
