import { EventBlocks, type ServerEvent } from './event-blocks';
import { authorization, token } from './token';
import { words } from './read';

/** A server beats every five seconds; a line that is silent for so long is dead. */
const silenceMs = 16_000;

/** After a line is lost, it is tried again at this pace. */
const retryMs = 1000;

export interface ChangeListener {
  /** The line stands: what was missed meanwhile is to be read. */
  opened(): void;
  happened(event: ServerEvent): void;
  /** It is tried again until it stands. */
  lost(): void;
  /** The server wants a token, or another one. It is not tried again. @param why what it says of the token that it was given */
  refused(why: string | null): void;
}

/**
 * Follows the server's changes until the signal aborts. By fetch rather than by EventSource: that one cannot send the
 * token, and a token in an address ends up in logs.
 */
export async function followChanges(listener: ChangeListener, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const end = await follow(listener, signal);
      if (end !== 'ended') return listener.refused(end.why);
    } catch {
      // As good as ended.
    }
    if (signal.aborted) return;
    listener.lost();
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

interface Refused {
  readonly why: string | null;
}

async function follow(listener: ChangeListener, signal: AbortSignal): Promise<'ended' | Refused> {
  const silent = new AbortController();
  let watch = 0;
  const heard = (): void => {
    clearTimeout(watch);
    watch = window.setTimeout(() => silent.abort(), silenceMs);
  };
  try {
    heard();
    const response = await fetch('/api/v1/changes', {
      headers: { Accept: 'text/event-stream', ...authorization() },
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (response.status === 401 || response.status === 403) return { why: await whyRefused(response) };
    if (!response.ok || response.body === null) return 'ended';
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const blocks = new EventBlocks();
    listener.opened();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return 'ended';
      heard();
      for (const event of blocks.take(value)) listener.happened(event);
    }
  } finally {
    clearTimeout(watch);
  }
}

/** What the server says of a token; `null` when it was given none. */
async function whyRefused(response: Response): Promise<string | null> {
  if (response.status === 403 || response.headers.get('www-authenticate')?.includes('invalid_token'))
    return words(response);
  return token() === null ? null : 'The server does not know that token.';
}
