/** A server-sent event. */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** Cuts a stream of text into server-sent events, wherever its chunks end. */
export class EventBlocks {
  private rest = '';

  /** @returns the events that are whole now */
  take(chunk: string): ServerEvent[] {
    const blocks = (this.rest + chunk).split(/\r?\n\r?\n/);
    this.rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const data = fields(block, 'data');
      return data.length === 0 ? [] : [{ type: fields(block, 'event')[0] ?? 'message', data: data.join('\n') }];
    });
  }
}

function fields(block: string, name: string): string[] {
  return block
    .split(/\r?\n/)
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
}
