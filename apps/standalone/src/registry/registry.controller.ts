import { Body, Controller, Delete, Get, HttpCode, HttpException, Inject, Param, Post, Query } from '@nestjs/common';
import { EmbeddedRegistry, type RegistryAnswer } from './embedded-registry.js';
import { resourceDoesNotExist } from './registry-error.js';

/** Parameters as they come in a query or a body: anything, or nothing. */
type Parameters = Readonly<Record<string, unknown>> | undefined;

/** Names of the environments that have a registry. */
export const registryEnvironments = Symbol('environments of the registry');

/** MLflow's alias calls, an own registry for each environment: `http://…/registry/<environment>` is the base address. */
@Controller('registry/:environment/api/2.0/mlflow/registered-models/alias')
export class RegistryController {
  constructor(
    @Inject(EmbeddedRegistry) private readonly registry: EmbeddedRegistry,
    @Inject(registryEnvironments) private readonly environments: readonly string[],
  ) {}

  @Get()
  get(@Param('environment') environment: string, @Query() query: Parameters) {
    this.check(environment);
    const name = text(query, 'name');
    const { version, updatedAtMs, aliases } = answered(this.registry.get(environment, name, text(query, 'alias')));
    return { model_version: { name, version, last_updated_timestamp: updatedAtMs, status: 'READY', aliases } };
  }

  @Post()
  @HttpCode(200)
  async set(@Param('environment') environment: string, @Body() body: Parameters) {
    this.check(environment);
    const [name, alias, version] = [text(body, 'name'), text(body, 'alias'), text(body, 'version')];
    answered(await this.registry.set(environment, name, alias, version));
    return {};
  }

  @Delete()
  async delete(@Param('environment') environment: string, @Body() body: Parameters) {
    this.check(environment);
    answered(await this.registry.delete(environment, text(body, 'name'), text(body, 'alias')));
    return {};
  }

  private check(environment: string): void {
    if (this.environments.includes(environment)) return;
    const { status, code, message } = resourceDoesNotExist(
      `there is no environment "${environment}"; there are ${this.environments.join(', ')}`,
    );
    throw new HttpException({ error_code: code, message }, status);
  }
}

/** MLflow takes no number for a version, so neither do we. */
function text(parameters: Parameters, name: string): string {
  const value = parameters?.[name];
  return typeof value === 'string' ? value : '';
}

function answered<T>(answer: RegistryAnswer<T>): T {
  if (answer.ok) return answer.value;
  const { status, code, message } = answer.error;
  throw new HttpException({ error_code: code, message }, status);
}
