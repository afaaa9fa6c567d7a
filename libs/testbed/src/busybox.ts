import { programOfPackage } from './debian.js';
import { MissingPart } from './missing-part.js';

/**
 * A shell and its commands in one program that needs no library.
 *
 * @throws MissingPart when it cannot be had on this machine.
 */
export async function busybox(): Promise<string> {
  const found = await programOfPackage('busybox', 'busybox-static');
  if ('path' in found) return found.path;
  throw new MissingPart('busybox', found.reason, 'apt-get install busybox-static');
}
