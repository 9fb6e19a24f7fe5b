import type { Action } from './action.ts';
import type { ContractVersion } from './contract-version.ts';
import type { Observation } from './observation.ts';
import type { AnyParametersSchema, InferParameters } from './parameters-schema.ts';
import type { DeclaredImpact, SuggestedPolicy, SupportedVersions } from './plugin-vocabulary.ts';
import type { PluginHost } from './plugin-host.ts';
import type { HttpWrite, ReadDeclaration } from './read-declaration.ts';
import type { Subject } from './subject.ts';

/** Marks a value as a plugin, also one made by another copy of this package. */
export const PLUGIN_KIND = 'operator-subject-plugin';

/** Argument of `definePlugin`. */
export interface SubjectPluginSpec<
  ConfigSchema extends AnyParametersSchema = AnyParametersSchema,
  S extends Subject = Subject,
> {
  /**
   * The oldest version of the contract that has all that the plugin uses. It is written in the plugin, so that
   * another copy of this package does not change it. Default: the first version of the major, `1.0`.
   */
  readonly contract?: ContractVersion;
  /** The kind of system, kebab-case: `etcd`. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Schema of the `config` section of a subject. */
  readonly config: ConfigSchema;
  /** Every refusal code of this plugin's plans, with its meaning. */
  readonly refusals: Readonly<Record<string, string>>;
  /** Observations, in the order in which people see them. */
  readonly observations: readonly Observation<AnyParametersSchema, S>[];
  /** Actions, in the order in which people see them; the inverse of a plan is one of them. */
  readonly actions: readonly Action<AnyParametersSchema, S>[];
  /**
   * Requests that only read although they are not GET or HEAD, and statements that only read. A planned request that
   * is one of them is refused. Default: none.
   */
  readonly reads?: readonly ReadDeclaration[];
  /** GETs that change something. Default: none, so that every GET reads and no plan may have one. */
  readonly writes?: readonly HttpWrite[];
  /**
   * Versions of the system that the plugin supports. A host refuses to plan for another one, or for one that
   * `identify` does not tell. Default: any.
   */
  readonly supports?: SupportedVersions;
  /** Amounts that plans may state, by name; another one is refused. Default: any. */
  readonly impacts?: Readonly<Record<string, DeclaredImpact>>;
  /** Kinds of resources that plans may name, with their meaning; another one is refused. Default: any. */
  readonly resourceKinds?: Readonly<Record<string, string>>;
  /** Policies for users to start from. Default: none. */
  readonly policies?: readonly SuggestedPolicy[];
  /**
   * `none`: the plugin sends writes in a way that the host cannot see, neither by `openHttp` nor by `spend`. Plans,
   * diagnosis and policy say so. Default: every write goes through the host.
   */
  readonly guard?: 'none';
  /** Makes the subject from validated configuration. All HTTP goes through `host`. */
  connect(config: InferParameters<ConfigSchema>, host: PluginHost): S | Promise<S>;
}

/** A plugin as a host loads it: the author's spec with kind and contract stamped on it. */
export interface SubjectPlugin<
  ConfigSchema extends AnyParametersSchema = AnyParametersSchema,
  S extends Subject = Subject,
> extends Omit<SubjectPluginSpec<ConfigSchema, S>, 'contract'> {
  readonly kind: typeof PLUGIN_KIND;
  /** The contract for which the plugin was written, `major.minor`. */
  readonly contract: string;
}
