import type { AliasEntry, AliasFile, Aliases } from './alias-file.js';
import { invalidParameter, missingParameter, resourceDoesNotExist, type RegistryError } from './registry-error.js';

export type RegistryAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: RegistryError };

/** Names that MLflow keeps for itself, or does not take. */
const ALIAS = /^[\w-]{1,255}$/;
const RESERVED = /^(latest|v\d+)$/i;

/**
 * A model registry that knows aliases and nothing else: enough for what serves to follow it. Unlike MLflow it takes
 * versions by any name, and makes a registered model known by its first alias.
 */
export class EmbeddedRegistry {
  private constructor(
    private readonly file: AliasFile,
    private readonly nowMs: () => number,
    private aliases: Aliases,
  ) {}

  /** @param nowMs wall time, only to be shown. */
  static async open(file: AliasFile, nowMs: () => number): Promise<EmbeddedRegistry> {
    return new EmbeddedRegistry(file, nowMs, await file.load());
  }

  get(
    environment: string,
    model: string,
    alias: string,
  ): RegistryAnswer<AliasEntry & { readonly aliases: readonly string[] }> {
    const refusal = checkedName(model) ?? checkedAlias(alias);
    if (refusal !== null) return { ok: false, error: refusal };
    const ofModel = this.ofModel(environment, model);
    if (ofModel === undefined) return unknownModel(model);
    const entry = Object.hasOwn(ofModel, alias) ? ofModel[alias] : undefined;
    if (entry === undefined)
      return { ok: false, error: invalidParameter(`Registered model alias ${alias} not found.`) };
    const aliases = Object.keys(ofModel).filter((other) => ofModel[other]?.version === entry.version);
    return { ok: true, value: { ...entry, aliases: aliases.sort() } };
  }

  /** Resolves when it is durable. */
  async set(environment: string, model: string, alias: string, version: string): Promise<RegistryAnswer<null>> {
    const refusal = checkedName(model) ?? checkedAlias(alias) ?? (version === '' ? missingParameter('version') : null);
    if (refusal !== null) return { ok: false, error: refusal };
    const entry = { version, updatedAtMs: this.nowMs() };
    await this.replace(environment, model, { ...this.ofModel(environment, model), [alias]: entry });
    return { ok: true, value: null };
  }

  /** Taking away an alias that is not there is no error, as in MLflow. */
  async delete(environment: string, model: string, alias: string): Promise<RegistryAnswer<null>> {
    const refusal = checkedName(model) ?? checkedAlias(alias);
    if (refusal !== null) return { ok: false, error: refusal };
    const ofModel = this.ofModel(environment, model);
    if (ofModel === undefined) return unknownModel(model);
    const rest = Object.fromEntries(Object.entries(ofModel).filter(([other]) => other !== alias));
    await this.replace(environment, model, rest);
    return { ok: true, value: null };
  }

  /** One alias, for who lives in the same process: the replay reads it, and a release pipeline writes it. */
  alias(environment: string, model: string, alias: string) {
    return {
      get: async (): Promise<string | null> => {
        const answer = this.get(environment, model, alias);
        return answer.ok ? answer.value.version : null;
      },
      set: async (version: string): Promise<void> => {
        const answer = await this.set(environment, model, alias, version);
        if (!answer.ok) throw new Error(`${model}@${alias}: ${answer.error.message}`);
      },
    };
  }

  private ofModel(environment: string, model: string): Readonly<Record<string, AliasEntry>> | undefined {
    const models = Object.hasOwn(this.aliases, environment) ? this.aliases[environment] : undefined;
    return models !== undefined && Object.hasOwn(models, model) ? models[model] : undefined;
  }

  private async replace(
    environment: string,
    model: string,
    ofModel: Readonly<Record<string, AliasEntry>>,
  ): Promise<void> {
    const models = Object.hasOwn(this.aliases, environment) ? this.aliases[environment] : {};
    this.aliases = { ...this.aliases, [environment]: { ...models, [model]: ofModel } };
    await this.file.save(this.aliases);
  }
}

function unknownModel(model: string): { ok: false; error: RegistryError } {
  return { ok: false, error: resourceDoesNotExist(`Registered Model with name=${model} not found`) };
}

function checkedName(model: string): RegistryError | null {
  return model === '' ? missingParameter('name') : null;
}

function checkedAlias(alias: string): RegistryError | null {
  if (alias === '') return missingParameter('alias');
  if (!ALIAS.test(alias)) {
    const rule = 'Names may only contain alphanumerics, underscores (_), and dashes (-), and be at most 255 long.';
    return invalidParameter(`Invalid alias name: '${alias}'. ${rule}`);
  }
  return RESERVED.test(alias) ? invalidParameter(`The alias name '${alias}' is reserved.`) : null;
}
