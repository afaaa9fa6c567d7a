import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventsEndpoint, type HttpAnswer } from './events-endpoint.js';
import { contentTypeOf } from './install-events-route.js';

/** Ingestion over HTTP. An answer means: these events are durable, and these were refused and why. */
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(EventsEndpoint) private readonly endpoint: EventsEndpoint) {}

  @Post()
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = Buffer.isBuffer(request.body)
      ? await this.answer(request, request.body)
      : (request.body as HttpAnswer);
    await reply
      .code(answer.status)
      .headers({ ...answer.headers })
      .send(answer.body);
  }

  private answer(request: FastifyRequest, body: Buffer): Promise<HttpAnswer> {
    const { answers = '' } = request.query as { readonly answers?: string };
    const contentEncoding = request.headers['content-encoding'] ?? '';
    return this.endpoint.handle({
      contentType: contentTypeOf(request),
      contentEncoding,
      body,
      answers: String(answers),
    });
  }
}
