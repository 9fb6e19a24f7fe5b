import type { HttpRequest, SendResult } from 'operator-core';

import { checkId } from './wire/checked-id.ts';
import { Connection } from './http/connection.ts';
import type { PDChangeOptions } from './http/connection.ts';
import { EndpointList } from './http/endpoint-list.ts';
import { Identity } from './read/identity.ts';
import type { PDClientOptions } from './http/pd-client-options.ts';
import type { PDMembers } from './wire/pd-members.ts';
import { PDReader } from './read/pd-reader.ts';
import type { PDClientParts } from './read/pd-reader.ts';
import { Transport } from './read/transport.ts';
import { Writer } from './write/writer.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_ELECTION_MS = 20_000;
const DEFAULT_BODY_BYTES = 64 * 1024 * 1024;

/**
 * PD's HTTP API, 6.5 and newer. Constructing it does no I/O. Reads go to another endpoint, and wait for
 * an election, as long as that helps; changes are sent at most once. Every call takes a signal and
 * rejects with a `PDError` or with the signal's reason. PD's ids are numbers here.
 *
 * `change` resolves with PD's own words when it accepted, which is not yet done; the words may be empty. It rejects with
 * `PD_OUTCOME_UNKNOWN` when the answer was lost. The requests of the actions stand in the actions.
 */
export class PDClient extends PDReader {
  readonly #connection: Connection;
  readonly #writer: Writer;

  /** Throws `PD_ENDPOINT_INVALID`, and `PD_ID_INVALID` for an invalid limit. */
  constructor(options: PDClientOptions) {
    const parts = createParts(options);
    super(parts);
    this.#connection = parts.connection;
    this.#writer = new Writer(parts);
  }

  /** Sends one request that changes something, at most once, and resolves with PD's words when it accepted. */
  async change(request: HttpRequest, options?: PDChangeOptions): Promise<string> {
    const { result, error } = await this.#writer.write(request, options ?? {});
    if (error !== null) throw error;
    return result.answer;
  }

  /**
   * Does the same as {@link PDClient.change}, with the outcome as a value: never rejects because of an answer
   * of PD. When aborted before anything was sent, it rejects with the signal's reason; after that the outcome
   * is `unknown`.
   */
  async send(request: HttpRequest, options?: PDChangeOptions): Promise<SendResult> {
    const { result } = await this.#writer.write(request, options ?? {});
    return result;
  }

  /** Ends requests under way with `PD_CLIENT_CLOSED` and releases everything. May be called twice. */
  close(): Promise<void> {
    return this.#connection.close();
  }
}

function createParts(options: PDClientOptions): PDClientParts {
  const { remembered, onWaiting = () => {} } = options;
  const endpoints = new EndpointList({
    configured: options.endpoints,
    remembered: remembered?.endpoints ?? [],
    discover: options.discover ?? true,
    addressMap: options.addressMap ?? {},
  });
  const connection = new Connection({
    tls: options.tls ?? null,
    dispatcher: options.dispatcher ?? null,
    callerId: options.callerId ?? 'operator',
    timeoutMs: checkMilliseconds(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 'timeoutMs'),
    electionMs: checkMilliseconds(options.electionMs ?? DEFAULT_ELECTION_MS, 'electionMs'),
    maxBodyBytes: checkId(options.maxBodyBytes ?? DEFAULT_BODY_BYTES, 'maxBodyBytes'),
  });
  const identity = new Identity(connection, endpoints, {
    clusterId: options.clusterId ?? null,
    remembered: remembered?.clusterId ?? null,
  });
  const onMembers = createRecorder(endpoints, options);
  const transport = new Transport({ connection, endpoints, identity, onMembers, onWaiting });
  return { connection, endpoints, identity, transport };
}

/** Reports each change of the values to remember, once. */
function createRecorder(
  endpoints: EndpointList,
  { remembered, onRemember }: PDClientOptions,
): (members: PDMembers) => void {
  let known = JSON.stringify(remembered);
  return ({ clusterId }) => {
    const memory = { clusterId, endpoints: endpoints.advertised.toSorted() };
    const now = JSON.stringify(memory);
    if (now === known) return;
    known = now;
    onRemember?.(memory);
  };
}

// A timer that is set for longer would go off at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function checkMilliseconds(value: number, what: string): number {
  return Math.min(checkId(value, what), LONGEST_TIMER_MS);
}
