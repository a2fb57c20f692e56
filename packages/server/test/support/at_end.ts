import { afterAll } from 'vitest'

const cleanups: (() => unknown)[] = []

// Registered when the test file imports this: a hook that a running test registers is never called.
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Runs `cleanup` when the tests of this file are done, the last one first: from a test, too. */
export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}
