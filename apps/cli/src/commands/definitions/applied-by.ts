import { actorText } from '@moola/wording/actor';
import { printable } from '../../output/printable.js';

/** Who applied a definition: as authenticated, marked where the name is self-declared, `–` where nobody said. */
export const appliedBy = (author: string, authenticated: boolean): string =>
  author === '' ? '–' : actorText(printable(author), authenticated);
