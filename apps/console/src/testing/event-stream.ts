/** An event of a stream of server-sent events. */
export interface StreamedEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Reads server-sent events one by one, over a connection that the test opens and closes. */
export class EventStream {
  private buffered = '';
  private readonly decoder = new TextDecoder();

  private constructor(
    readonly response: Response,
    private readonly reader: ReadableStreamDefaultReader<Uint8Array> | null,
    private readonly stop: AbortController,
  ) {}

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
    const stop = new AbortController();
    const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: stop.signal });
    return new EventStream(response, response.body?.getReader() ?? null, stop);
  }

  /** The next event; `null` when the server has ended the stream. */
  async next(): Promise<StreamedEvent | null> {
    for (;;) {
      const end = this.buffered.indexOf('\n\n');
      if (end >= 0) {
        const block = this.buffered.slice(0, end).trim();
        this.buffered = this.buffered.slice(end + 2);
        if (block !== '') return parsed(block);
        continue;
      }
      const read = await this.reader?.read();
      if (read?.value === undefined) return null;
      this.buffered += this.decoder.decode(read.value, { stream: true });
    }
  }

  /** Reads on to the first event that is meant. */
  async until(isMeant: (event: StreamedEvent) => boolean): Promise<StreamedEvent> {
    for (;;) {
      const event = await this.next();
      if (event === null) throw new Error('the stream ended before the event that was waited for');
      if (isMeant(event)) return event;
    }
  }

  close(): void {
    this.stop.abort();
  }
}

function parsed(block: string): StreamedEvent {
  const lines = block.split('\n');
  const of = (field: string) => lines.find((line) => line.startsWith(`${field}: `))?.slice(field.length + 2) ?? '';
  return { type: of('event'), data: JSON.parse(of('data') || 'null') as unknown };
}
