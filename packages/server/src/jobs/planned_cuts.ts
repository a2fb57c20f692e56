import { Patience } from '../patience.ts'
import type { Claim } from './backend.ts'
import { cutsOf } from './cuts.ts'
import type { JobView } from './job_documents.ts'
import { kindOf } from './kinds/index.ts'
import type { JobLimits } from './limits.ts'

/** Where the shards of a claimed job end, in order of the file. @throws the claim's reason when it was aborted; `ERR_TIMEOUT`. */
export async function plannedCuts(
  { job: { order }, signal }: Claim,
  { source }: JobView,
  { shardByteLength, patienceMs }: JobLimits,
): Promise<readonly number[]> {
  const { request, range } = order
  const kind = kindOf(request)
  const cutting = kind.cutting(request)
  if (cutting === 'whole') return [range.end]
  const cuts = await cutsOf(source, range, { ...cutting, shardByteLength, signal })
  if (kind.settle === undefined) return cuts
  const patience = new Patience(signal, patienceMs)
  try {
    const settled: number[] = []
    for (const [index, cut] of cuts.slice(0, -1).entries()) {
      const before = settled.at(-1) ?? range.start
      const next = cuts[index + 1] as number
      // A shard that was moved over the planned cut took it in.
      if (cut <= before) continue
      const task = {
        request,
        source,
        range,
        cut,
        before,
        next,
        signal: patience.signal,
        onProgress: () => patience.renew(),
      }
      const place = await kind.settle(task)
      patience.renew()
      if (place !== undefined && place < range.end) settled.push(place)
    }
    return [...settled, range.end]
  } finally {
    patience.end()
  }
}
