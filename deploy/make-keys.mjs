// `node make-keys.mjs <folder>`: makes the token that requests must carry and the key that seals dead letters, unless
// they are there.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: node make-keys.mjs <folder>');
  process.exit(2);
}
// Prometheus and Grafana, which run as other users, read the token too.
make('token', randomBytes(24).toString('base64url'), 0o644);
make('installation-key', randomBytes(32).toString('base64'), 0o600);

function make(name, value, mode) {
  try {
    writeFileSync(join(folder, name), value, { flag: 'wx', mode });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}
