/** Says what happens to a model that nobody declared, and how to declare it. */
export function Undeclared({ model }: { readonly model: string }) {
  return (
    <div class="hint" role="note">
      <p>
        <strong>Nobody declared this model.</strong> It is watched with the default budget, and nobody is notified.
      </p>
      <details>
        <summary>How to declare it</summary>
        <pre>{`cat > ${model}.yaml <<'END'
kind: Model
name: ${model}
budget:
  lines:
    - { metric: accuracy, below: 0.80, severity: critical, gate: true }
    - { metric: latency_p95, above: 50, severity: warning }
END
npm run moola -- apply ${model}.yaml`}</pre>
        <p>
          Each line alerts when it is out for five minutes, until it has been within again for as long. Who is notified
          (routes), other rules and the value of a prediction: docs/definitions.md.
        </p>
      </details>
    </div>
  );
}
