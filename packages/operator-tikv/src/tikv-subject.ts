import { describeActions, describeObservations } from 'operator-core';
import type {
  ActionDefinition,
  CallOptions,
  Diagnosis,
  JsonObject,
  ObservationDefinition,
  TargetedHttpRequest,
  SendOptions,
  SendResult,
  Subject,
} from 'operator-core';
import { toContractAction } from './actions/define-change.ts';
import type { TiKVAction } from './actions/define-change.ts';
import { changes } from './actions/index.ts';
import { findChange, toRequest } from './actions/pd-change.ts';
import { refusalFromAnswer, refusedWords } from './actions/sending/refusal-from-answer.ts';
import { withoutTwin } from './actions/sending/twin-operator.ts';
import { checkParameters } from './contract/check-parameters.ts';
import { diagnose } from './diagnose/diagnose.ts';
import { observations } from './observations/index.ts';
import type { PDCallOptions } from './pd/index.ts';
import { invalidParameters } from './errors/tikv-errors.ts';
import { TiKVReader } from './tikv-reader.ts';
import type { TiKVSources } from './tikv-reader.ts';

/**
 * A TiKV cluster, as `connect` of the plugin returns it and as it can be used alone:
 * `new TiKVSubject({ pd: new PDClient({ endpoints }) })`. Constructing it does no I/O; `close` closes the
 * clients that it was given.
 *
 * The methods named like actions only ask: they check their values, resolve with PD's words when PD
 * has accepted, and reject with its words as `PDError` when it has not. Nothing is planned, verified or
 * undone; that is the work of the engine.
 */
export class TiKVSubject extends TiKVReader implements Subject {
  readonly #sources: TiKVSources;

  readonly #actions: readonly TiKVAction[];

  /** `actions`: those that it can ask PD for. Default: all of this plugin. */
  constructor(sources: TiKVSources, actions: readonly TiKVAction[] = changes) {
    super(sources);
    this.#sources = sources;
    this.#actions = actions;
  }

  getActionDefinitions(): readonly ActionDefinition[] {
    return describeActions(this.#actions.map(toContractAction));
  }

  getObservationDefinitions(): readonly ObservationDefinition[] {
    return describeObservations(observations);
  }

  /** Sends one request of a plan, at most once, and finds PD's no in the list of refusals. */
  async send(request: TargetedHttpRequest, options: SendOptions): Promise<SendResult> {
    const change = findChange(
      this.#actions.map((action) => action.change),
      request,
    );
    const words = change === undefined ? undefined : { refused: refusedWords(change) };
    const sent = await this.pd.send(request, { ...options, words });
    if (sent.outcome !== 'refused') return sent;
    const result = await withoutTwin(this.pd, { request, change, refused: sent }, options);
    if (result.outcome !== 'refused') return result;
    const refusal = refusalFromAnswer(change, result);
    return refusal === null ? result : { ...result, refusal };
  }

  /** Looks for problems of PD, the stores and Prometheus. */
  diagnose(options: CallOptions = {}): Promise<readonly Diagnosis[]> {
    const { pd, prometheus } = this.#sources;
    return diagnose({ pd, prometheus: prometheus ?? null }, options);
  }

  /** All members that prove to be of the cluster, and its id, so that one member may be down. */
  async suggestConfig(options: CallOptions = {}): Promise<JsonObject> {
    const { clusterId } = await this.pd.getMembers(options);
    const { configuredEndpoints: configured } = this.pd;
    const proven = await this.pd.getProvenEndpoints(options);
    const others = proven.filter((endpoint) => !configured.includes(endpoint));
    return { pdEndpoints: [...configured, ...others], clusterId };
  }

  /** Closes the clients. May be called twice. */
  async close(): Promise<void> {
    await Promise.all([this.pd.close(), this.#sources.prometheus?.close()]);
  }

  /** Asks PD to move the leadership of a region to a store that holds a voter of it. */
  transferLeader(regionId: number, toStoreId: string, options?: PDCallOptions): Promise<string> {
    return this.ask('transfer_leader', { region_id: regionId, to_store_id: toStoreId }, options);
  }

  /** Asks PD to move a peer of a region from one store to another. */
  // The parameters of the action, in its order, and the options that every call takes.
  // oxlint-disable-next-line max-params
  transferPeer(
    regionId: number,
    fromStoreId: string,
    toStoreId: string,
    options?: PDCallOptions,
  ): Promise<string> {
    const values = { region_id: regionId, from_store_id: fromStoreId, to_store_id: toStoreId };
    return this.ask('transfer_peer', values, options);
  }

  /**
   * Asks PD to evict all leaders from a store, until {@link undrainStore}. While a PD leader has just started this
   * overwrites the evictions of other stores (PD API, traps).
   */
  drainStore(storeId: string, options?: PDCallOptions): Promise<string> {
    return this.ask('drain_store', { store_id: storeId }, options);
  }

  /** Asks PD to stop evicting leaders from a store. Rejects with `PD_NOT_FOUND` when they are not evicted. */
  undrainStore(storeId: string, options?: PDCallOptions): Promise<string> {
    return this.ask('undrain_store', { store_id: storeId }, options);
  }

  /** Asks PD to cancel the operator that runs on a region. Rejects with `PD_NOT_FOUND` when none runs. */
  cancelOperator(regionId: number, options?: PDCallOptions): Promise<string> {
    return this.ask('cancel_operator', { region_id: regionId }, options);
  }

  /** Sets the largest number of leader operators that PD runs at a time; 0 stops them. */
  setLeaderScheduleLimit(limit: number, options?: PDCallOptions): Promise<string> {
    return this.ask('set_leader_schedule_limit', { limit }, options);
  }

  /** Asks PD for the change of an action by the action's name. The methods above are short forms of it. */
  async ask(name: string, values: JsonObject, options: PDCallOptions = {}): Promise<string> {
    const action = this.#actions.find((one) => one.name === name);
    if (action === undefined) {
      throw invalidParameters('ask', [{ path: 'name', message: `there is no action ${name}` }]);
    }
    const { change } = action;
    const parameters = await checkParameters(toMethodName(name), action.parameters, values);
    const words = { refused: refusedWords(change) };
    return this.pd.change(toRequest(change, parameters), { ...options, words });
  }
}

/** `transferLeader` of `transfer_leader`. */
function toMethodName(name: string): string {
  return name.replaceAll(/_(?<letter>[a-z])/gu, (_, letter: string) => letter.toUpperCase());
}
