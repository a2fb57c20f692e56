/** What a role may do: each may all that the ones before it may. */
export const ROLES = ['view', 'annotate', 'edit', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who asks. Set by the guard before a route or the socket sees the request. */
export interface Principal {
  /** As the audit trail names it. */
  readonly name: string
  readonly role: Role
  /**
   * Of the token that opened the door: another token of the same name and role is somebody new, who holds nothing of what was opened
   * before. A hash that no token can be told from; in no log. Absent for the server's own.
   */
  readonly tokenId?: string
}

/** Whoever opened the link that the server printed. */
export const LINK_PRINCIPAL: Principal = { name: 'link', role: 'admin' }
/** Whoever asks for what is open to all, before having shown anything. */
export const ANONYMOUS: Principal = { name: 'anonymous', role: 'view' }

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

/** Whether who has the role `held` may do what needs `needed`. */
export function isRoleEnough(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed)
}
