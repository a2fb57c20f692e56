/** Documents a route's failures: each of these statuses is problem details. */
export function problems(
  ...statuses: readonly number[]
): Record<number, { description: string; content: ProblemContent }> {
  return Object.fromEntries(statuses.map((status) => [status, PROBLEM_RESPONSE]))
}

type ProblemContent = { readonly 'application/problem+json': { readonly schema: { readonly $ref: string } } }

const PROBLEM_RESPONSE: { description: string; content: ProblemContent } = {
  description: 'Problem details (RFC 9457); `code` is stable.',
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
}
