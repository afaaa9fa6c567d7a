// One Kafka and one Redis for a whole Jest run, started when the first suite asks for them (`@moola/testbed/shared`).
import { register } from 'node:module';

register('../typescript/hooks.mjs', import.meta.url);
const { Sharing, sharingVariable } = await import('../../libs/testbed/src/sharing.ts');

let sharing;

export default async function open() {
  // Who starts several runs shares one among them.
  if (process.env[sharingVariable] === undefined) sharing = await Sharing.open();
}

export async function close() {
  await sharing?.close();
}
