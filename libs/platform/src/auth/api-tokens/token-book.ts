import { AccessRole, type TokenEvent } from '@moola/contracts/gen/moola/v1/tokens_pb';
import type { Role } from '../role.js';

/** An API token, as it is known: all but its text. */
export interface KnownToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** `null`: every environment. */
  readonly environments: readonly string[] | null;
  readonly createdAtMs: number;
  readonly createdBy: string;
  /** `null`: never. */
  readonly expiresAtMs: number | null;
  /** `null` unless it was revoked. */
  readonly revoked: { readonly atMs: number; readonly by: string } | null;
  readonly hash: Uint8Array;
}

export type TokenState = 'in force' | 'expired' | 'revoked';

export function stateOf({ revoked, expiresAtMs }: KnownToken, nowMs: number): TokenState {
  if (revoked !== null) return 'revoked';
  return expiresAtMs !== null && nowMs >= expiresAtMs ? 'expired' : 'in force';
}

export const accessRoles: Readonly<Record<Role, AccessRole>> = {
  viewer: AccessRole.VIEWER,
  operator: AccessRole.OPERATOR,
  admin: AccessRole.ADMIN,
  ingest: AccessRole.INGEST,
};

const roleOf = (role: AccessRole): Role | undefined =>
  (Object.keys(accessRoles) as Role[]).find((name) => accessRoles[name] === role);

/** All tokens, folded from their records. Of an id the first creation and the first revocation count. */
export class TokenBook {
  private readonly tokens = new Map<string, KnownToken>();

  take({ id, atMs, by, kind }: TokenEvent): void {
    const known = this.tokens.get(id);
    switch (kind.case) {
      case 'created': {
        const { name, environments, expiresAtMs, hash } = kind.value;
        const role = roleOf(kind.value.role);
        // A role that this version does not know grants nothing.
        if (known !== undefined || role === undefined) return;
        this.tokens.set(id, {
          ...{ id, name, role, hash, createdAtMs: atMs, createdBy: by, revoked: null },
          environments: environments.length === 0 ? null : environments,
          expiresAtMs: expiresAtMs === 0 ? null : expiresAtMs,
        });
        return;
      }
      case 'revoked':
        if (known !== undefined && known.revoked === null) this.tokens.set(id, { ...known, revoked: { atMs, by } });
        return;
      case undefined:
        return;
    }
  }

  get(id: string): KnownToken | undefined {
    return this.tokens.get(id);
  }

  /** The newest first. */
  all(): readonly KnownToken[] {
    return [...this.tokens.values()].reverse();
  }

  clear(): void {
    this.tokens.clear();
  }
}
