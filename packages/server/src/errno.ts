/** Behind what cannot be done, why the system did not: ` (EACCES)`. Nothing, where it was not the system. */
export function because(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? ` (${code})` : ''
}
