import { advise } from 'operator-core';
import type { OperatorError } from 'operator-core';
import { createEngineError } from '../../../errors/engine-error.ts';
import { operations } from '../../../errors/operations.ts';
import type { ChainHead } from '../../audit-log.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';

/** Content of an anchor: the last entry of each chain of an audit. */
export interface Anchor {
  readonly ledgerId: string;
  /** Heads by the names of their chains. */
  readonly heads: ReadonlyMap<string, ChainHead>;
}

const FORMAT =
  /^operator-audit\/2 ledger=(?<ledger>[0-9a-f-]{36})(?<heads>(?: [^\s=]+=\d{1,15}:[0-9a-f]{64})+)(?: at=\S+)?$/u;
/** Anchors from before there were chains for each system: their entry is one of the root chain. */
const FORMAT_1 =
  /^operator-audit\/1 ledger=(?<ledger>[0-9a-f-]{36}) entry=(?<entry>\d{1,15}) hash=(?<hash>[0-9a-f]{64})(?: .*)?$/u;

/** One line that can be kept anywhere. */
export function formatAnchor({ ledgerId, heads }: Anchor, at?: string): string {
  const named = [...heads].map(([chain, { place, hash }]) => `${toWord(chain)}=${place}:${hash}`);
  const time = at === undefined ? [] : [`at=${at}`];
  return ['operator-audit/2', `ledger=${ledgerId}`, ...named, ...time].join(' ');
}

/** Throws `ANCHOR_INVALID`. */
export function parseAnchor(line: string): Anchor {
  const text = line.trim();
  const anchor = parseEarlier(text) ?? parseCurrent(text);
  if (anchor === null) throw createInvalid(line, 'it is not the line that was printed');
  return anchor;
}

function parseCurrent(text: string): Anchor | null {
  const groups = FORMAT.exec(text)?.groups;
  if (groups === undefined) return null;
  const { ledger: ledgerId = '', heads = '' } = groups;
  const named = heads.trim().split(' ').map(parseHead);
  const known = new Map(named.flatMap((one) => (one === null ? [] : [one])));
  // One that is named twice, or by no name, was not printed.
  return known.size === named.length ? { ledgerId, heads: known } : null;
}

/** The last `=` divides: the name has none, and may have anything else. */
function parseHead(word: string): readonly [string, ChainHead] | null {
  const divider = word.lastIndexOf('=');
  const [place = '', hash = ''] = word.slice(divider + 1).split(':');
  const chain = fromWord(word.slice(0, divider));
  return chain === null ? null : [chain, { place: Number(place), hash }];
}

function parseEarlier(text: string): Anchor | null {
  const groups = FORMAT_1.exec(text)?.groups;
  if (groups === undefined) return null;
  const { ledger: ledgerId = '', entry, hash = '' } = groups;
  return { ledgerId, heads: new Map([[ROOT_CHAIN, { place: Number(entry), hash }]]) };
}

/** The name of a chain without spaces, control characters and `=`. */
function toWord(chain: string): string {
  return chain.replaceAll(/[\s=%\p{Cc}\p{Cf}]/gu, encodeURIComponent);
}

function fromWord(word: string): string | null {
  try {
    return decodeURIComponent(word);
  } catch {
    return null;
  }
}

function createInvalid(line: string, why: string): OperatorError {
  return createEngineError('ANCHOR_INVALID', {
    message: `The anchor cannot be used: ${why}.`,
    remedy: advise`Give one whole line that ${operations.makeAnchor} printed.`,
    facts: { anchor: line.slice(0, 300) },
  });
}
