import type { RequestLine } from './exchange.ts';
import { PD_API } from './requests.ts';

/** The words in which PD refuses one kind of change with a status of 500, before it has done anything. */
interface RefusalWords {
  readonly method: string;
  readonly path: RegExp;
  readonly words: RegExp;
}

const ANY_STORE = 'store \\d+';

// PD API, operators: the stages that an operator goes through before it is added.
const OPERATOR_WORDS = [
  '\\[PD:(region|core|operator|scatter):Err\\w+\\].*',
  'region (\\d+|%v) not found',
  'region \\d+ has no leader',
  `region has no (voter|peer) in ${ANY_STORE}`,
  `region already has peer in ${ANY_STORE}`,
  `${ANY_STORE} (not found|has been removed|is unhealthy)`,
  'cannot (add|remove|promote|demote|build|transfer|create) .*',
  'no (operator step is built|valid leader)',
  'fail to build operator: .*',
  'region cannot have multiple leaders',
  'region need at least 1 voter or leader',
  'failed to add operator, maybe already have one',
  'transfer region without peer role is not supported when placement rules enabled',
  'split key \\S+ is not in hex format',
];

const SCHEDULER_WORDS = [
  '\\[PD:(scheduler|core|apiutil):Err\\w+\\].*',
  'scheduler (existed|not found)',
  `${ANY_STORE} (not found|is paused for leader transfer)`,
];

// PD API, config: the checks of a configuration before it is set, and of the body before that.
const CONFIG_WORDS = [
  '[a-z.-]+ should .*',
  '[a-z.-]+( \\S+)? is (invalid|not set)',
  '\\S+ has already been deprecated',
  'invalid syntax',
  '(json|time): .*',
  '\\[PD:(placement|json):Err\\w+\\].*',
];

const REFUSALS: readonly RefusalWords[] = [
  { method: 'POST', path: /^\/operators$/u, words: anyOf(OPERATOR_WORDS) },
  {
    method: 'DELETE',
    path: /^\/operators\/\d+$/u,
    words: anyOf(['(\\[PD:operator:ErrOperatorNotFound\\])?operator not found']),
  },
  { method: 'POST', path: /^\/schedulers$/u, words: anyOf(SCHEDULER_WORDS) },
  { method: 'DELETE', path: /^\/schedulers\/[\w-]+$/u, words: anyOf(SCHEDULER_WORDS) },
  {
    method: 'DELETE',
    path: /^\/scheduler-config\/[\w-]+\/delete\/\d+$/u,
    words: anyOf(SCHEDULER_WORDS),
  },
  { method: 'POST', path: /^\/config\/schedule$/u, words: anyOf(CONFIG_WORDS) },
];

/**
 * Tells whether PD itself says these words to this request, and so has not carried it out. An error in any other
 * words may come from a proxy, which does not know whether PD did it.
 */
export function isRefusal({ method, path }: RequestLine, words: string): boolean {
  const [known = ''] = path.startsWith(PD_API) ? path.slice(PD_API.length).split('?') : [];
  return REFUSALS.some(
    (one) => one.method === method && one.path.test(known) && one.words.test(words),
  );
}

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(`^(${patterns.join('|')})$`, 'u');
}
