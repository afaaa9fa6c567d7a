const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address is one of this machine: nobody else hears what is sent there. */
export function isLoopback({ hostname }: URL): boolean {
  return loopback.has(hostname);
}
