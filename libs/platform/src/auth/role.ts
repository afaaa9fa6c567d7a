/** What somebody may do. `admin` may do everything; `ingest` may send events, and nothing else. */
export const roles = ['viewer', 'operator', 'admin', 'ingest'] as const;
export type Role = (typeof roles)[number];

/** What a role may do beside its own: an operator reads as a viewer does. */
const includes: Readonly<Record<Role, readonly Role[]>> = {
  viewer: ['viewer'],
  operator: ['viewer', 'operator'],
  admin: roles,
  ingest: ['ingest'],
};

/** Whether somebody of role `held` may do what asks for `needed`. */
export function holds(held: Role, needed: Role): boolean {
  return includes[held].includes(needed);
}

/** For documents: one sentence a role. */
export const roleTexts: Readonly<Record<Role, string>> = {
  viewer: 'Reads: the page, the read API, metrics. Changes nothing.',
  operator:
    'Also acknowledges and resolves incidents, applies and deletes definitions, opens dead letters and tries them again, moves aliases in the embedded registry.',
  admin: 'Everything, API tokens included. `MOOLA_TOKEN` has this role.',
  ingest: 'Sends events, and nothing else: for producers.',
};
