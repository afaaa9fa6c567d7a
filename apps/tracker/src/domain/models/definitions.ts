import { watchesModel } from '@moola/contracts/definitions/match';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  DefinitionSchema,
  type Definition,
  type ModelDefinition,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import { KeyedState, type EntryCodec } from '@moola/streams/processor/keyed-state';
import { watchSubjects, type SubjectWatch } from '../subjects/subject-rules.js';
import { watchModel, type UndeclaredTask, type WatchedModel } from './watched-model.js';

const messages: EntryCodec<Definition> = {
  encode: (definition) => toBinary(DefinitionSchema, definition),
  decode: (bytes) => fromBinary(DefinitionSchema, bytes),
};

/** Which models a definition concerns. */
export type Concerned = { readonly models: 'all' } | { readonly models: readonly string[] };

/** The definitions that the tracker goes by, and how each model is watched by them. */
export class Definitions {
  private readonly kept: KeyedState<Definition>;
  private readonly models = new Map<string, ModelDefinition>();
  /** By the model that it names, '' for all; within that by alert name. */
  private readonly rules = new Map<string, Map<string, RuleDefinition>>();
  /** Of models that nobody declared and that no rule names, by the rules that watch them: nearly always one. */
  private readonly undeclared = new Map<string, WatchedModel>();
  /** Of models that have jobs, instances or measurements. */
  private readonly subjectWatches = new Map<string, SubjectWatch>();

  constructor(
    entries: ReadonlyMap<string, Uint8Array>,
    private readonly windowsMs: readonly number[],
  ) {
    this.kept = new KeyedState('definition/', messages, entries);
    for (const [, definition] of this.kept.entries()) this.take(definition);
  }

  /** Puts a definition in force. */
  put(definition: Definition): Concerned {
    this.subjectWatches.clear();
    const { kind, name } = definition;
    if (kind.case === 'deletion') return this.delete(kind.value.kind, name);
    if (kind.case !== 'model' && kind.case !== 'rule') return { models: [] };
    const key = `${kind.case}/${name}`;
    const before = this.kept.get(key);
    if (before?.kind.case === 'rule') this.rules.get(before.kind.value.model)?.delete(name);
    this.kept.set(key, definition);
    this.take(definition);
    if (kind.case === 'model') return { models: [name] };
    this.undeclared.clear();
    const names = [kind.value.model, ...(before?.kind.case === 'rule' ? [before.kind.value.model] : [])];
    return { models: names.includes('') ? 'all' : names };
  }

  /** What it says is no longer in force. */
  private delete(kind: string, name: string): Concerned {
    const before = this.kept.get(`${kind}/${name}`)?.kind;
    if (before === undefined) return { models: [] };
    this.kept.delete(`${kind}/${name}`);
    if (before.case === 'model') this.models.delete(name);
    if (before.case !== 'rule') return { models: [name] };
    this.rules.get(before.value.model)?.delete(name);
    this.undeclared.clear();
    return { models: before.value.model === '' ? 'all' : [before.value.model] };
  }

  /** @param undeclared what it answers if nobody declared it */
  watch(model: string, undeclared: UndeclaredTask): WatchedModel {
    const definition = this.models.get(model);
    const own = this.rules.get(model);
    const common = this.commonOf(model);
    if (definition || own?.size) {
      return watchModel(definition, new Map([...common, ...(own ?? [])]), this.windowsMs, undeclared);
    }
    const key = JSON.stringify([undeclared, ...common.keys()]);
    let watched = this.undeclared.get(key);
    if (watched === undefined) {
      watched = watchModel(undefined, common, this.windowsMs, undeclared);
      this.undeclared.set(key, watched);
    }
    return watched;
  }

  /** How the jobs, instances and measurements of a model are watched. */
  watchSubjects(model: string): SubjectWatch {
    let watch = this.subjectWatches.get(model);
    if (watch === undefined) {
      const own = this.rules.get(model) ?? new Map<string, RuleDefinition>();
      watch = watchSubjects(this.models.get(model), new Map([...this.commonOf(model), ...own]));
      this.subjectWatches.set(model, watch);
    }
    return watch;
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.kept.takeChanges(into);
  }

  /** The rules that name no model and watch this one. */
  private commonOf(model: string): ReadonlyMap<string, RuleDefinition> {
    return new Map([...(this.rules.get('') ?? [])].filter(([, rule]) => watchesModel(rule, model)));
  }

  private take({ name, kind }: Definition): void {
    if (kind.case === 'model') this.models.set(name, kind.value);
    if (kind.case !== 'rule') return;
    const rules = this.rules.get(kind.value.model) ?? new Map<string, RuleDefinition>();
    rules.set(name, kind.value);
    this.rules.set(kind.value.model, rules);
  }
}
