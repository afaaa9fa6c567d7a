/** Running traces; `stop` sends what is left. */
export interface Tracing {
  stop(): Promise<void>;
}

/**
 * Starts OpenTelemetry when an endpoint is given. The SDK is loaded only then: it costs a second and 60 MB otherwise.
 * @param endpoint OTLP over HTTP, such as `http://localhost:4318`
 */
export async function startTracing(service: string, endpoint: string | undefined): Promise<Tracing> {
  if (endpoint === undefined || endpoint === '') return { stop: async () => undefined };
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const sdk = new NodeSDK({
    serviceName: service,
    traceExporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }),
  });
  sdk.start();
  return { stop: () => sdk.shutdown() };
}
