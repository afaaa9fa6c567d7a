import { createHash } from 'node:crypto';

/** Keys up to this length (bytes) stand in the tree as they are; LMDB takes 1978. */
const longestPlainKey = 1024;
const plain = 0;
const hashed = 1;
const headBytes = 5;

/** Where an entry of a task lies: task number (u32, big-endian), kind, and the entry's key or, when long, its hash. */
export function entryKey(task: number, key: string): Buffer {
  const bytes = Buffer.from(key, 'utf8');
  const isPlain = bytes.length <= longestPlainKey;
  const tail = isPlain ? bytes : createHash('sha256').update(bytes).digest();
  const whole = Buffer.allocUnsafeSlow(headBytes + tail.length);
  whole.writeUInt32BE(task, 0);
  whole[4] = isPlain ? plain : hashed;
  tail.copy(whole, headBytes);
  return whole;
}

/** The entry's bytes; behind the whole key where only its hash is in the tree. */
export function entryValue(key: string, value: Uint8Array): Buffer {
  const bytes = Buffer.from(key, 'utf8');
  if (bytes.length <= longestPlainKey) return Buffer.from(value.buffer, value.byteOffset, value.length);
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32LE(bytes.length, 0);
  return Buffer.concat([head, bytes, value]);
}

export function decodeEntry(stored: { readonly key: Buffer; readonly value: Buffer }): [string, Uint8Array] {
  const { key, value } = stored;
  if (key[4] === plain) return [key.toString('utf8', headBytes), view(value, 0)];
  const end = 4 + value.readUInt32LE(0);
  return [value.toString('utf8', 4, end), view(value, end)];
}

/** First key of a task's entries; the first of the next task's ends the range. */
export function firstEntryKey(task: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(task, 0);
  return key;
}

function view(bytes: Buffer, from: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
}
