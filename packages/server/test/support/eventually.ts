/** Waits until the check stops throwing; at the end its own error is the test's. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  for (const deadlineMs = Date.now() + timeoutMs; ; ) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadlineMs) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
