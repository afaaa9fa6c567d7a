import type { DuckDBConnection } from '@duckdb/node-api';
import { DamagedHistoryError, SlowQueryError } from '../port/history-store.js';
import { isDamage } from './file.js';

/** Reads of one connection, one after the other: each may take all the memory that there is, and has its time. */
export class Lane {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly timeoutMs: number,
  ) {}

  /** @throws {SlowQueryError} {@link DamagedHistoryError} */
  run<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const timed = async (): Promise<T> => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        this.connection.interrupt();
      }, this.timeoutMs);
      try {
        return await work(this.connection);
      } catch (error) {
        if (late) throw new SlowQueryError(`the query took longer than ${this.timeoutMs / 1000} s`);
        throw known(error);
      } finally {
        clearTimeout(timer);
      }
    };
    const result = this.last.then(timed, timed);
    this.last = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.last;
    this.connection.closeSync();
  }
}

export const known = (error: unknown): unknown =>
  isDamage(error) && !(error instanceof DamagedHistoryError)
    ? new DamagedHistoryError((error as Error).message)
    : error;
