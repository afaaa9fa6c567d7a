import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard error: standard output belongs to what a command prints. */
export function createLogger(level: string, service: string): Logger {
  const serializers = { err: pino.stdSerializers.errWithCause, error: pino.stdSerializers.errWithCause };
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, serializers }, pino.destination(2));
}

/** Nest's own lines through pino; its start-up chatter at debug. */
export function nestLogger(logger: Logger): LoggerService {
  const context = (parameters: unknown[]) => ({ context: parameters.map(String).at(-1) ?? '' });
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), String(message)),
    debug: (message: unknown, ...rest: unknown[]) => logger.trace(context(rest), String(message)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.trace(context(rest), String(message)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(context(rest), String(message)),
    error: (message: unknown, ...rest: unknown[]) => logger.error(context(rest), String(message)),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(context(rest), String(message)),
  };
}
