import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, MoolaServer } from '../server/moola-server.js';
import type { EventJson } from './simulated-model.js';

/** Events a request. */
const most = 500;
/** How often a server that is busy is asked again, a second apart. */
const attempts = 10;

interface EventsAnswer {
  readonly refused: number;
  readonly events: readonly { readonly field?: string; readonly detail?: string }[];
}

/** Sends events in order. @returns what is wrong, or `null` */
export async function sendEvents(server: MoolaServer, events: readonly EventJson[]): Promise<string | null> {
  for (let from = 0; from < events.length; from += most) {
    const answer = await sendWhenTaken(server, events.slice(from, from + most));
    if (!answer.ok) return answer.problem;
    const { refused, events: told } = answer.value;
    const [first] = told;
    if (refused > 0)
      return `${refused} events were refused, the first because ${first?.field ?? ''} ${first?.detail ?? ''}`;
  }
  return null;
}

async function sendWhenTaken(server: MoolaServer, events: readonly EventJson[]): Promise<Answer<EventsAnswer>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await server.sendEvents<EventsAnswer>(events);
    const isBusy = !answer.ok && (answer.status === 429 || answer.status === 503);
    if (!isBusy || attempt === attempts) return answer;
    await sleep(1000);
  }
}
