import { holds, roles, roleTexts } from '../auth/role.js';
import { routeTable, type RouteAccess } from './route-access.js';

/** The roles, and who may ask which route, as Markdown: `docs/security.md` holds it between its marks. */
function accessTables(): string {
  const roleRows = roles.map((role) => `| \`${role}\` | ${roleTexts[role]} |`);
  const routeRows = routeTable.map(
    (access) =>
      `| \`${access.method} ${access.path}\` | ${access.services} | ${access.text} | ${roles
        .map((role) => (mayAsk(access, role) ? 'yes' : ''))
        .join(' | ')} | ${access.role === 'anyone' ? 'yes' : ''} | ${access.environment} |`,
  );
  return [
    '| Role | May |',
    '| --- | --- |',
    ...roleRows,
    '',
    `| Route | Service | What it does | ${roles.join(' | ')} | no token | environment |`,
    `| --- | --- | --- | ${roles.map(() => '---').join(' | ')} | --- | --- |`,
    ...routeRows,
  ].join('\n');
}

function mayAsk({ role }: RouteAccess, held: (typeof roles)[number]): boolean {
  return role === 'anyone' || role === 'any role' || holds(held, role);
}

const begin = '<!-- generated: node tools/docs/security.mjs -->\n<!-- prettier-ignore-start -->\n';
const end = '\n<!-- prettier-ignore-end -->';

/** A document with the tables between its marks. @throws when it has no marks */
export function withAccessTables(document: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the document has no place for the table of routes: ${begin}…${end}`);
  return document.slice(0, from) + begin + accessTables() + document.slice(to);
}
