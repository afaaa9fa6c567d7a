import type { Parts } from './write-columns.js';

/** Messages of a repeated field. */
export class MessagesWriter {
  private messages: Uint8Array[] = [];
  private size = 0;

  constructor(private readonly field: number) {}

  get bytes(): number {
    return this.size;
  }

  add(message: Uint8Array): void {
    this.messages.push(message);
    this.size += message.length;
  }

  addTo(parts: Parts): void {
    for (const message of this.messages) parts.addEven(this.field, message);
  }

  clear(): void {
    this.messages = [];
    this.size = 0;
  }
}
