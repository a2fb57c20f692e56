import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take the longest, by name. Vitest itself starts with the largest, and these are short texts about long work. */
const LONG = [
  ...['flat_memory', 'hash', 'regexp_children', 'hash_vectors'],
  ...['past_4_gib', 'raw_life', 'endurance'],
  ...['soak', 'clients', 'cli_scans', 'jobs_restart', 'audit'],
]

const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((name) => moduleId.includes(`/${name}.test.`))

/** Begun last, a long file leaves the other worker idle until it ends: 1 minute of core's 5. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
