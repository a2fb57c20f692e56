/** Waits for something that happens by itself; fails with what it waited for. */
export async function until(isTrue: () => boolean, what: string, timeoutMs = 5_000): Promise<void> {
  const endMs = Date.now() + timeoutMs
  while (!isTrue()) {
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
