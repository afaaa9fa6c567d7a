/** The rule that the test's telemetry makes fire. */
export const testedRule = 'SimpleLSTMLatencySpike';
export const testedModel = 'SimpleLSTM';

/**
 * What the environment of the test is told. Its alert is printed on the notifier's terminal: every audience has a route
 * there, so that none of the default routes, which page people, holds.
 */
export const testDefinitions = `kind: Model
name: ${testedModel}
labelHorizon: 1h
bucket: 1s
budget:
  window: 1m
  lines:
    - { metric: accuracy, below: 0.80, severity: critical, gate: true, minimumSamples: 50 }
    - { metric: latency_p95, above: 50, severity: warning, minimumSamples: 20 }
---
kind: Rule
name: ${testedRule}
model: ${testedModel}
metric: latency_p95
window: 1m
above: 50
for: 1s
severity: warning
minimumSamples: 20
summary: 'Test of the deployment: P95 latency is above 50 ms'
${['team', 'manager', 'executive']
  .map(
    (audience) => `---
kind: Route
name: ${audience}
audience: ${audience}
channels: [{ kind: terminal, name: deployment-test }]
`,
  )
  .join('')}`;
