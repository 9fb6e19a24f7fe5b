import { loadConfig } from './config/load-config.ts';
import type { Config, ConfiguredSubject } from './config/load-config.ts';
import { createConfigInvalid } from './config/config-invalid.ts';
import type { ConfigIssue, Position } from './config/config-issue.ts';
import type { Environment } from './config/interpolate.ts';
import { createEngineError } from './engine-error.ts';
import { findNamed } from './gate/find-named.ts';
import type { GatedSubject } from './gate/gated-subject.ts';
import { createGatedSubject } from './gate/open-subject.ts';
import type { ExchangeObserver } from './http/http-exchange.ts';
import { createInterrupted } from './interrupted.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { EngineLimits } from './limits.ts';
import { loadPlugin } from './plugin/load-plugin.ts';
import { validateConfig } from './plugin/validate-config.ts';
import { isAborted } from './is-aborted.ts';

/** What an engine is opened with. */
export interface EngineOptions {
  /** Where the search for the configuration begins. */
  readonly cwd: string;
  /** The configuration itself, relative to `cwd`, instead of a search. */
  readonly configPath?: string | undefined;
  /** For `${NAME}` in the configuration, and `OPERATOR_SUBJECT`. */
  readonly env: Environment;
  /** File URL of the host: plugins are looked for from there when the configuration's folder has none. */
  readonly hostUrl: string;
  /** Takes every HTTP exchange of every subject. */
  readonly onExchange?: ExchangeObserver | undefined;
  readonly limits?: Partial<EngineLimits>;
}

/** A subject that the configuration names. */
export interface SubjectEntry extends Position {
  readonly name: string;
  /** Package name or path. */
  readonly plugin: string;
  /** What keeps it from being opened: variables that are not set. */
  readonly issues: readonly ConfigIssue[];
}

/** A configuration and the subjects that were opened from it. */
export class Engine {
  readonly configPath: string;
  readonly #config: Config;
  readonly #options: EngineOptions;
  readonly #limits: EngineLimits;
  readonly #opened: GatedSubject[] = [];

  constructor(config: Config, options: EngineOptions) {
    this.configPath = config.path;
    this.#config = config;
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /** The subjects of the configuration, in its order. Loads nothing. */
  subjects(): readonly SubjectEntry[] {
    return this.#config.subjects.map(({ name, plugin, issues }) => {
      return { name, plugin, issues, ...this.#config.document.positionOf(['subjects', name]) };
    });
  }

  /**
   * Loads the plugin of a subject and checks its configuration, without connecting. Without a name:
   * `OPERATOR_SUBJECT`, else the only one there is.
   */
  async openSubject(
    name?: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<GatedSubject> {
    const subject = this.#choose(name);
    const { signal } = options;
    if (isAborted(signal)) throw createInterrupted(`opening ${subject.name}`);
    if (subject.issues.length > 0) throw createConfigInvalid(this.#config.path, subject.issues);
    const { hostUrl, onExchange } = this.#options;
    const limits = this.#limits;
    const limitMs = limits.importMs;
    const places = { configDirectory: this.#config.directory, hostUrl };
    const loaded = await loadPlugin(subject.plugin, { ...places, limitMs, signal });
    const settings = await validateConfig(this.#config, subject, { loaded, limitMs });
    const parts = { config: this.#config, subject, loaded, settings, limits, observer: onExchange };
    const opened = createGatedSubject(parts);
    this.#opened.push(opened);
    return opened;
  }

  /** Closes every subject that was opened. May be called twice. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((subject) => subject.close()));
  }

  #choose(given: string | undefined): ConfiguredSubject {
    const { subjects } = this.#config;
    const name = given ?? (this.#options.env['OPERATOR_SUBJECT'] || undefined);
    if (name !== undefined) {
      return findNamed(name, subjects, { code: 'SUBJECT_NOT_FOUND', of: 'subject' });
    }
    const [only, ...others] = subjects;
    if (only !== undefined && others.length === 0) return only;
    const names = subjects.map((subject) => subject.name);
    throw createEngineError('SUBJECT_AMBIGUOUS', {
      message: `${this.#config.path} has ${names.length} subjects, and none was chosen.`,
      remedy: `Choose one of ${names.join(', ')} with --subject or OPERATOR_SUBJECT.`,
      facts: { names },
    });
  }
}

/**
 * Finds and checks the configuration. Throws `CONFIG_NOT_FOUND`, `CONFIG_UNREADABLE` or
 * `CONFIG_INVALID` with every mistake.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return new Engine(loadConfig(options), options);
}
