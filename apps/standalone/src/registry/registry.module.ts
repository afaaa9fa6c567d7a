import { Module, type DynamicModule } from '@nestjs/common';
import { EmbeddedRegistry } from './embedded-registry.js';
import { RegistryController } from './registry.controller.js';

/** The embedded model registry, served beside everything else. */
@Module({})
export class RegistryModule {
  static of(registry: EmbeddedRegistry): DynamicModule {
    return {
      module: RegistryModule,
      controllers: [RegistryController],
      providers: [{ provide: EmbeddedRegistry, useValue: registry }],
      exports: [EmbeddedRegistry],
    };
  }
}
