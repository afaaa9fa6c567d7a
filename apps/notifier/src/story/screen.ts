import { Writable } from 'node:stream';

/** A terminal that keeps what was written to it. */
export class Screen extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
