import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  Delete,
  Get,
  Inject,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';
import { Caller } from '@moola/platform/access/caller';
import { ApiTokens } from '@moola/platform/auth/api-tokens/api-tokens';
import type { KnownToken } from '@moola/platform/auth/api-tokens/token-book';
import { tokenPrefix } from '@moola/platform/auth/api-tokens/token-text';
import type { Subject } from '@moola/platform/auth/subject';
import type { z } from 'zod';
import { Environments } from '../api/environments.js';
import { newTokenBody, type CreatedTokenView, type TokenView } from './views.js';

/** API tokens: made, listed, revoked. Each is a record of the topic `moola.tokens.v1`, with who decided it. */
@Controller('api/v1/tokens')
export class TokensController {
  constructor(
    @Inject(ApiTokens) private readonly tokens: ApiTokens,
    @Inject(Environments) private readonly environments: Environments,
  ) {}

  @Get()
  list(@Caller() caller: Subject): TokenView[] {
    needsAuthentication(caller);
    return this.tokens.list().map((token) => this.viewOf(token));
  }

  @Post()
  async create(@Caller() caller: Subject, @Body() body: unknown): Promise<CreatedTokenView> {
    needsAuthentication(caller);
    const parsed = newTokenBody.safeParse(body);
    if (!parsed.success) throw new BadRequestException(parsed.error.issues.map(words));
    const { expiresAtMs, environments } = parsed.data;
    if (expiresAtMs !== null && !(expiresAtMs > this.tokens.nowMs() && expiresAtMs < latestMs))
      throw new BadRequestException(
        `expiresAtMs: ${expiresAtMs} is no time to come: milliseconds since the epoch, or null`,
      );
    const there = this.environments.all().map(({ environment }) => environment);
    const missing = environments?.find((each) => !there.includes(each));
    if (missing !== undefined)
      throw new BadRequestException(
        `environments: there is no environment "${missing}"; there are ${there.join(', ')}`,
      );
    const { text, token } = await this.tokens.create(parsed.data, caller.name);
    return { ...this.viewOf(token), token: text };
  }

  /** Revoked twice is revoked once. */
  @Delete(':token')
  async revoke(@Caller() caller: Subject, @Param('token') id: string): Promise<TokenView> {
    needsAuthentication(caller);
    const token = await this.tokens.revoke(id, caller.name);
    if (token === null) throw new NotFoundException(`there is no token "${id}"`);
    return this.viewOf(token);
  }

  private viewOf(token: KnownToken): TokenView {
    const { id, name, role, environments, createdAtMs, createdBy, expiresAtMs, revoked } = token;
    return {
      ...{ id, prefix: tokenPrefix(id), name, role, environments, state: this.tokens.stateOf(token) },
      ...{ createdAtMs, createdBy, expiresAtMs, revokedAtMs: revoked?.atMs ?? null, revokedBy: revoked?.by ?? '' },
    };
  }
}

/** The year 10000: what is later cannot be written as a date. */
const latestMs = Date.UTC(10_000, 0);

/** Where nobody is asked for a token, one would protect nothing. */
function needsAuthentication({ by }: Subject): void {
  if (by !== 'none') return;
  throw new ConflictException(
    'no authentication is configured here, so tokens would mean nothing: set MOOLA_TOKEN (16 characters or more), ' +
      'start again, and make tokens with it',
  );
}

const words = ({ path, message }: z.core.$ZodIssue) => `${path.join('.') || 'the body'}: ${message}`;
