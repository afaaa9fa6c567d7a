import type { Parts } from './write-columns.js';

/** A tag, and the length of a message of less than 2 MiB. */
const mostBefore = 5;

/** Messages of a repeated field. */
export class MessagesWriter {
  private messages: Uint8Array[] = [];
  private size = 0;

  /** About so many bytes, and hardly ever more. */
  get bytes(): number {
    return this.size;
  }

  /** @returns how many there are now */
  add(message: Uint8Array): number {
    this.size += mostBefore + message.length;
    return this.messages.push(message);
  }

  addTo(parts: Parts, field: number): void {
    for (const message of this.messages) parts.addEven(field, message);
  }

  clear(): void {
    this.messages = [];
    this.size = 0;
  }
}
