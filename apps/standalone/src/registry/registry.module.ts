import { Module, type DynamicModule } from '@nestjs/common';
import { EmbeddedRegistry } from './embedded-registry.js';
import { RegistryController, registryEnvironments } from './registry.controller.js';

/** The embedded model registry, served beside everything else. */
@Module({})
export class RegistryModule {
  /** @param environments that have a registry; any other is refused */
  static of(registry: EmbeddedRegistry, environments: readonly string[]): DynamicModule {
    return {
      module: RegistryModule,
      controllers: [RegistryController],
      providers: [
        { provide: EmbeddedRegistry, useValue: registry },
        { provide: registryEnvironments, useValue: environments },
      ],
      exports: [EmbeddedRegistry],
    };
  }
}
