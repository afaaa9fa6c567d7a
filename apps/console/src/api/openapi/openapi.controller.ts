import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from './document.js';

const document = openApiDocument();

/** The description of this API, for tools and for people. */
@Controller('api/v1/openapi.json')
export class OpenApiController {
  @Get()
  describe(): Record<string, unknown> {
    return document;
  }
}
