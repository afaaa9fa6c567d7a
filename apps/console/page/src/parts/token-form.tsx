import { useState } from 'preact/hooks';
import { keepToken } from '../data/token';

/** Asks for the token that the server wants. */
export function TokenForm({ given }: { readonly given: () => void }) {
  const [value, setValue] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    keepToken(value);
    given();
  };
  return (
    <section class="panel narrow">
      <h2>This server wants a token</h2>
      <p>It is what the server was started with as MOOLA_TOKEN. It is kept until you close this tab.</p>
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
