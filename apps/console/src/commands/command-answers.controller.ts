import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Environments } from '../api/environments.js';
import type { CommandOutcomeView } from './views.js';

/** Whether a command was obeyed: whoever sent it asks with the id that it made. */
@Controller('api/v1/environments/:environment/commands')
export class CommandAnswersController {
  constructor(@Inject(Environments) private readonly environments: Environments) {}

  @Get(':command')
  outcome(@Param('environment') environment: string, @Param('command') command: string): CommandOutcomeView {
    return this.environments.get(environment).answers.outcome(command);
  }
}
