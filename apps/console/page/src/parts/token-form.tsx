import { useState } from 'preact/hooks';
import { keepToken } from '../data/token';

/** Asks for the token that the server wants. */
interface TokenFormProps {
  /** What the server says of the token that it was given; `null`: it was given none. */
  readonly refusal: string | null;
  readonly given: () => void;
}

export function TokenForm({ refusal, given }: TokenFormProps) {
  const [value, setValue] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    keepToken(value);
    given();
  };
  return (
    <section class="panel narrow">
      <h2>This server wants a token</h2>
      {refusal !== null && (
        <p class="bad" role="alert">
          {refusal}
        </p>
      )}
      <p>
        One that <code>moola tokens create</code> has made, or what the server was started with as MOOLA_TOKEN. It is
        kept until you close this tab.
      </p>
      <form class="command" onSubmit={submit}>
        <label>
          Token
          <input
            type="password"
            autoComplete="current-password"
            required
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button class="primary">Go on</button>
        </div>
      </form>
    </section>
  );
}
