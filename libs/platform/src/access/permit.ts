import { holds } from '../auth/role.js';
import { mayEnter, type Subject } from '../auth/subject.js';
import type { RouteAccess } from './route-access.js';

export interface NotPermitted {
  readonly reason: 'role' | 'environment';
  readonly message: string;
}

const elsewhere = (message: string): NotPermitted => ({ reason: 'environment', message });

/**
 * Why an authenticated subject may not ask a route; `null` when it may.
 * @param environment that the request concerns, where it names one
 */
export function refusalTo(subject: Subject, access: RouteAccess, environment: string | undefined): NotPermitted | null {
  const { role } = access;
  if (role !== 'any role' && role !== 'anyone' && !holds(subject.role, role)) {
    const message = `${subject.name} has the role ${subject.role}, and this asks for the role ${role} (docs/security.md says who may do what)`;
    return { reason: 'role', message };
  }
  if (subject.environments === null || access.environment === 'none' || access.environment === 'answers those') {
    return null;
  }
  const own = subject.environments.join(', ');
  if (access.environment === 'all')
    return elsewhere(`the token of ${subject.name} is good for ${own} only, and this concerns every environment`);
  if (environment !== undefined && mayEnter(subject, environment)) return null;
  return elsewhere(`the token of ${subject.name} is good for ${own} only, and not for ${environment ?? 'this'}`);
}
