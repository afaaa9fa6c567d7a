import {
  BadRequestException,
  ConflictException,
  Controller,
  Get,
  GoneException,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { z } from 'zod';
import { Environments } from '../api/environments.js';
import { DeadLetters, type OpenedDeadLetter } from './dead-letters.js';
import { payloadView } from './payload.js';
import type { DeadLetterPageView, OpenedDeadLetterView, RetryView } from './views.js';

const limitSchema = z.coerce.number().int().min(1).max(1000).default(50);

/** What could not be taken in: read it, see why, and try it again once the reason is gone. */
@Controller('api/v1/environments/:environment/dead-letters')
export class DeadLettersController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject(DeadLetters) private readonly deadLetters: DeadLetters,
  ) {}

  @Get()
  list(
    @Param('environment') environment: string,
    @Query('limit') limit?: string,
    @Query('before') before?: string,
  ): DeadLetterPageView {
    this.environments.get(environment);
    const most = limitSchema.safeParse(limit);
    if (!most.success) throw new BadRequestException(`limit: "${limit}" is no whole number from 1 to 1000`);
    const page = this.deadLetters.page(environment, most.data, before ?? null);
    if (page !== null) return page;
    throw new NotFoundException(`before: no dead letter "${before}" is known any more; list them from the start`);
  }

  @Get(':id')
  async show(@Param('environment') environment: string, @Param('id') id: string): Promise<OpenedDeadLetterView> {
    const { known, payload } = await this.open(environment, id);
    return { ...known.view, payload: payloadView(payload) };
  }

  @Post(':id/retry')
  @HttpCode(200)
  async retry(@Param('environment') environment: string, @Param('id') id: string): Promise<RetryView> {
    const opened = await this.open(environment, id);
    const { origin, reason } = opened.known.view;
    if (reason === 'poison') {
      throw new ConflictException(
        `dead letter ${id} is a row that ${origin} could not apply, not what a producer sent: ` +
          'it cannot be taken in again; send the event anew once the cause is mended',
      );
    }
    return { id, events: await this.deadLetters.retry(environment, opened) };
  }

  private async open(environment: string, id: string): Promise<OpenedDeadLetter> {
    this.environments.get(environment);
    const opening = await this.deadLetters.open(environment, id);
    switch (opening.kind) {
      case 'opened':
        return opening;
      case 'unknown':
        throw new NotFoundException(`environment ${environment} has no dead letter "${id}"`);
      case 'expired':
        throw new GoneException(`dead letter ${id} is older than its topic is kept: its bytes are gone`);
      case 'sealed':
        throw new ConflictException(opening.problem);
    }
  }
}
