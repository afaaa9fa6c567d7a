import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { DiskFullError, LogUnavailableError } from '@moola/streams/ports/event-log';
import type { FastifyReply } from 'fastify';
import { refusalBody } from './refusal.js';

/** What cannot be written now is no defect: 507 when there is no space, 503 when the log cannot be reached. */
@Catch(DiskFullError, LogUnavailableError)
export class LogErrors implements ExceptionFilter<DiskFullError | LogUnavailableError> {
  catch(error: DiskFullError | LogUnavailableError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = error instanceof DiskFullError ? 507 : 503;
    if (status === 503) void reply.header('retry-after', '5');
    void reply.code(status).send(refusalBody(status, error.message));
  }
}
