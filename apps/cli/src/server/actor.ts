import type { MeView } from '@moola/standalone/console-views';
import type { Answer, MoolaServer } from './moola-server.js';

/** Who does something, as the server will record it. */
export interface Actor {
  readonly name: string;
  readonly authenticated: boolean;
}

export const asOption = [
  '--as <name>',
  'who does it, where no authentication is configured (default: your login name)',
] as const;

/**
 * Who the token is; where no authentication is configured who says so, or whose login it is.
 * @param declared what `--as` says: another name than that of a token is a problem
 */
export async function actorAt(server: MoolaServer, user: string, declared: string | undefined): Promise<Answer<Actor>> {
  const me = await server.get<MeView>('me');
  if (!me.ok) return me;
  const { authenticated, name } = me.value;
  if (!authenticated) return { ok: true, value: { name: declared ?? user, authenticated } };
  if (declared === undefined || declared === name) return { ok: true, value: { name, authenticated } };
  const problem =
    `--as ${declared}: the server knows this token as ${name}, and that is what is recorded; ` +
    'a name of your own counts only where no authentication is configured';
  return { ok: false, status: null, problem };
}

/** What a request says of who sends it: nothing where the token does. */
export const declaredIn = ({ name, authenticated }: Actor): { readonly actor?: string } =>
  authenticated ? {} : { actor: name };
