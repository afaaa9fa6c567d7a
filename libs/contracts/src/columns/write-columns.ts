import { delimitedSize, varintSize, type ByteSink } from '../byte-sink.js';

const delimited = 2;

/** A field: bytes, or the parts of a message. */
interface Part {
  readonly tag: number;
  readonly content: Uint8Array | Parts;
}

/**
 * A message of byte fields, ready to be written. The generated writer copies every column three times; columns are most of
 * what this system writes.
 */
export class Parts {
  private readonly parts: Part[] = [];
  /** Bytes of the message. */
  size = 0;

  /** @param bytes of the field; an empty one is left out, as proto3 does */
  add(field: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.addEven(field, bytes);
  }

  /** A message's bytes: an empty one is written as well. */
  addEven(field: number, bytes: Uint8Array): void {
    this.push(field, bytes, bytes.length);
  }

  addParts(field: number, message: Parts): void {
    this.push(field, message, message.size);
  }

  /** Writes them, without a length before them. */
  writeTo(sink: ByteSink): void {
    for (const { tag, content } of this.parts) {
      if (content instanceof Parts) {
        sink.varint(tag);
        sink.varint(content.size);
        content.writeTo(sink);
      } else sink.delimited(tag, content);
    }
  }

  private push(field: number, content: Uint8Array | Parts, length: number): void {
    const tag = field * 8 + delimited;
    this.parts.push({ tag, content });
    this.size += varintSize(tag) - 1 + delimitedSize(length);
  }
}
