import type { RequestLine } from './exchange.ts';
import { PD_API } from './requests.ts';

/** PD's own words about one kind of change. */
interface ChangeWords {
  readonly method: string;
  readonly path: RegExp;
  /** Words with which PD accepts it, after a status of 200; `null` in the answer reads as the empty text. */
  readonly accepted: RegExp;
  /** Words with which PD refuses it before it has done anything, after a status of 400 or higher. */
  readonly refused: RegExp;
}

const NOTHING = /(?!)/u;

const ANY_STORE = 'store \\d+';

// PD API, wire conventions: a body or parameter that PD cannot read, in the words of Go; and PD's limit of requests.
const INPUT_WORDS = [
  '(json|time|strconv\\.\\w+): .*',
  'invalid character .*',
  'unexpected end of JSON input',
  'invalid syntax',
  'Too Many Requests',
];

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
  '(missing|invalid) (operator name|split policy|(target )?region id|store ids?)( to [a-z ]+| from)?',
  'invalid store ids? to transfer (peer|region) (from|to)',
  'unknown operator',
  'bad format keys',
  'region_ids is invalid',
];

const SCHEDULER_WORDS = [
  '\\[PD:(scheduler|core|apiutil):Err\\w+\\].*',
  'scheduler (existed|not found)',
  `${ANY_STORE} (not found|is paused for leader transfer)`,
  'missing (scheduler name|store id|leader id|pause time)',
  'unknown scheduler',
  'please input a right store id',
];

// PD API, config: the checks of a configuration before it is set, and of the body before that.
const CONFIG_WORDS = [
  '[a-z.-]+ should .*',
  '[a-z.-]+( \\S+)? is (invalid|not set)',
  '\\S+ has already been deprecated',
  'config item \\S+ not found',
  'need to clean up TTL first for \\S+',
  '\\[PD:(placement|json):Err\\w+\\].*',
];

const CHANGES: readonly ChangeWords[] = [
  {
    method: 'POST',
    path: /^\/operators$/u,
    accepted: anyOf(['The operator is created\\.']),
    refused: anyOf([...INPUT_WORDS, ...OPERATOR_WORDS]),
  },
  {
    method: 'DELETE',
    path: /^\/operators\/\w+$/u,
    accepted: anyOf(['The pending operator is canceled\\.']),
    refused: anyOf([...INPUT_WORDS, '(\\[PD:operator:ErrOperatorNotFound\\])?operator not found']),
  },
  {
    method: 'POST',
    path: /^\/schedulers$/u,
    accepted: anyOf([
      'The scheduler is created\\.',
      'The scheduler has been applied to the store\\.',
    ]),
    refused: anyOf([...INPUT_WORDS, ...SCHEDULER_WORDS]),
  },
  {
    method: 'DELETE',
    path: /^\/schedulers\/[\w-]+$/u,
    accepted: anyOf(['', 'The scheduler is removed\\.']),
    refused: anyOf([...INPUT_WORDS, ...SCHEDULER_WORDS]),
  },
  {
    method: 'DELETE',
    path: /^\/scheduler-config\/[\w-]+\/delete\/\w+$/u,
    accepted: anyOf(['', 'The last store has been deleted']),
    // The path goes with the last store of the scheduler.
    refused: anyOf([...INPUT_WORDS, ...SCHEDULER_WORDS, '404 page not found']),
  },
  {
    method: 'POST',
    path: /^\/config\/schedule$/u,
    accepted: anyOf(['The config is updated\\.']),
    refused: anyOf([...INPUT_WORDS, ...CONFIG_WORDS]),
  },
];

/**
 * True when these are words with which PD itself refuses this request, and so has not carried it out. An error
 * with other words may come from a proxy, which cannot know if PD did it.
 */
export function isRefusal(request: RequestLine, words: string): boolean {
  const isOwn = anyOf(request.words?.refused ?? []).test(words);
  return isOwn || (wordsOf(request)?.refused.test(words) ?? false);
}

/**
 * True when these are words with which PD itself accepts this request. A success with other words may come from
 * a proxy, and PD may never have received the request.
 */
export function isAcceptance(request: RequestLine, words: string): boolean {
  return wordsOf(request)?.accepted.test(words) ?? false;
}

function wordsOf({ method, path }: RequestLine): ChangeWords | undefined {
  const [known = ''] = path.startsWith(PD_API) ? path.slice(PD_API.length).split('?') : [];
  return CHANGES.find((one) => one.method === method && one.path.test(known));
}

function anyOf(patterns: readonly string[]): RegExp {
  if (patterns.length === 0) return NOTHING;
  return new RegExp(`^(${patterns.join('|')})$`, 'u');
}
