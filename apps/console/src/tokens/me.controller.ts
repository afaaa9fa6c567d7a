import { Controller, Get } from '@nestjs/common';
import { Caller } from '@moola/platform/access/caller';
import { holds, roles } from '@moola/platform/auth/role';
import type { Subject } from '@moola/platform/auth/subject';
import type { MeView } from './views.js';

/** Who asks, and what they may do: for the page and the CLI. */
@Controller('api/v1/me')
export class MeController {
  @Get()
  me(@Caller() { by, name, role, environments, expiresAtMs }: Subject): MeView {
    const may = roles.filter((each) => holds(role, each));
    return { authenticated: by !== 'none', name, role, may, environments, expiresAtMs };
  }
}
