const slices = 10;

/**
 * Waits for an answer for so long as this process was able to read one. A process that is busy, or stopped, for longer finds
 * the answer in its socket only after its timers: a plain timeout would take an answer that is there for missing, and the
 * work that is then done again would make it busier still.
 * @param late makes the error that is thrown when the time is over
 * @throws what the answer is rejected with, too
 */
export async function waitForAnswer<T>(answer: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let passed = 0;
  const silent = new Promise<never>((_, reject) => {
    // One that fires late counts no more than one that fires in time, and sockets are read before the next.
    timer = setInterval(() => {
      if (++passed >= slices) reject(late());
    }, timeoutMs / slices);
  });
  try {
    return await Promise.race([answer, silent]);
  } finally {
    clearInterval(timer);
  }
}
