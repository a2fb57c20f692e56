import { ProblemError } from '../errors.ts'
import type { Credentials } from './credentials.ts'
import { isRoleEnough, type Principal, type Role } from './principal.ts'

/**
 * The one place where it is decided whether somebody may do something: routes ask here before they run, the socket before each
 * message. The role is asked of the table as it is now, so who was struck out of it loses an open socket's rights as well.
 *
 * @throws ProblemError `ERR_UNAUTHORIZED` for who is not let in (any more), `ERR_ROLE` for who may not.
 */
export function authorize(credentials: Credentials, principal: Principal, needed: Role): void {
  if (!credentials.isCurrent(principal))
    throw unauthorized('the token was taken back or has expired; ask for a new one')
  if (!isRoleEnough(principal.role, needed)) throw roleTooLow(principal.role, needed)
}

/**
 * The same for what goes on without anybody asking: jobs, which belong to whoever has the name. Another token of that name takes them over; no
 * token, or one with a lesser role, does not.
 */
export function authorizeName(credentials: Credentials, name: string, needed: Role): void {
  const role = credentials.roleOf(name)
  if (role === undefined)
    throw unauthorized(`nobody is let in as ${name} any more: the token was taken back or has expired`)
  if (!isRoleEnough(role, needed)) throw roleTooLow(role, needed)
}

function roleTooLow(held: Role, needed: Role): ProblemError {
  return new ProblemError('ERR_ROLE', `this needs a token with the role "${needed}"; yours has "${held}"`, {
    headers: { 'www-authenticate': `Bearer realm="mapscope", error="insufficient_scope", scope="${needed}"` },
  })
}

/** Tells nothing about what was asked for: not whether it is there, not how long it is. */
export function unauthorized(detail: string): ProblemError {
  return new ProblemError('ERR_UNAUTHORIZED', detail, { headers: { 'www-authenticate': 'Bearer realm="mapscope"' } })
}
