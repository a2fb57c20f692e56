import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { binding } from '../lib/index.ts'
import { compile } from './support/compile.ts'
import { temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()

// Each name of CPython's list and ours, whether or not this system has it.
const NAMES = [
  ...'PROT_READ PROT_WRITE PROT_EXEC MS_ASYNC MS_SYNC MS_INVALIDATE'.split(' '),
  ...'SHARED PRIVATE DENYWRITE EXECUTABLE ANON ANONYMOUS POPULATE STACK NORESERVE ALIGNED_SUPER CONCEAL NOEXTEND'
    .concat(' HASSEMAPHORE NOCACHE JIT RESILIENT_CODESIGN RESILIENT_MEDIA 32BIT TRANSLATED_ALLOW_EXECUTE UNIX03 TPRO')
    .concat(' HUGETLB HUGE_SHIFT HUGE_MASK HUGE_64KB HUGE_2MB HUGE_1GB HUGE_16GB')
    .split(' ')
    .map((name) => `MAP_${name}`),
  ...'NORMAL RANDOM SEQUENTIAL WILLNEED DONTNEED FREE REMOVE DONTFORK DOFORK MERGEABLE UNMERGEABLE HUGEPAGE NOHUGEPAGE'
    .concat(' DONTDUMP DODUMP HWPOISON SOFT_OFFLINE NOSYNC AUTOSYNC NOCORE CORE PROTECT FREE_REUSABLE FREE_REUSE')
    .concat(' WIPEONFORK KEEPONFORK COLD PAGEOUT POPULATE_READ POPULATE_WRITE DONTNEED_LOCKED COLLAPSE')
    .split(' ')
    .map((name) => `MADV_${name}`),
]

test('the constants are those of this system’s own headers, no name more and none less', () => {
  const rows = NAMES.map(
    (name) => `#ifdef ${name}\nprintf("%s ${name} %lld\\n", comma, (long long)${name}); comma = "";\n#endif`,
  )
  const source = join(folder, 'constants.cc')
  const headers = ['stdio.h', 'sys/mman.h', ...(process.platform === 'linux' ? ['linux/mman.h'] : [])]
  writeFileSync(
    source,
    `${headers.map((header) => `#include <${header}>`).join('\n')}\nint main() { const char* comma = "";\n${rows.join('\n')}\n}\n`,
  )
  const printed = execFileSync(compile(join(folder, 'constants'), [relative(import.meta.dirname, source)], []), {
    encoding: 'utf8',
  })
  const expected = printed
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
    .map(([name = '', value]) => [name, Number(value)] as const)
  expect(expected.length).toBeGreaterThan(20)
  const known = new Set(NAMES)
  expect(
    Object.entries(binding.constants)
      .filter(([name]) => known.has(name))
      .sort(),
  ).toEqual(expected.sort())
  for (const name of Object.keys(binding.constants)) expect(name).toMatch(/^(PROT|MAP|MADV|MS)_[A-Z0-9_]+$/)
})

test('nobody can change them', () => {
  expect(Object.isFrozen(binding.constants)).toBe(true)
})

test('what an offset must be a multiple of is a multiple of the page', () => {
  expect(binding.allocationGranularity % binding.pageSize).toBe(0)
  expect(binding.allocationGranularity).toBeGreaterThan(0)
})
