import { SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

/** What a span is called, and what it is about. */
export interface SpanOf {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly attributes?: Attributes;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/**
 * Runs work in a span. Costs next to nothing while no traces are switched on.
 * @param after attributes of the result
 */
export function traced<T>(of: SpanOf, work: () => Promise<T>, after?: (result: T) => Attributes): Promise<T> {
  const { name, kind, attributes = {} } = of;
  return trace.getTracer('moola').startActiveSpan(name, { kind: kinds[kind], attributes }, async (span) => {
    try {
      const result = await work();
      if (after) span.setAttributes(after(result));
      return result;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
      throw error;
    } finally {
      span.end();
    }
  });
}
