import type { SourceFile } from '../repository.ts';

interface WordRule {
  readonly what: string;
  /** Files that the rule looks at; all by default. */
  readonly only?: RegExp;
  readonly pattern: RegExp;
}

// Written in two parts, so that this file does not break its own rules.
const LATER = ['TO', 'DO|FIX', 'ME|XX', 'X'].join('');
const FOLDERS = ['/wo', 'rk/|/ro', 'ot/|/ho', 'me/[a-z]|/Us', 'ers/|/tm', 'p/'].join('');

const TESTS = /(^|\/)test\/|\.test\.ts$/u;

const COMMANDS =
  'observe|plan|run|verify|apply|undo|cancel|approve|reject|doctor|init|trust|leases?|ledger|policy|audit|mode|resume|stop|watch|runs (?:watch|show|recover)';

/** Words that must not stand in the repository. */
const WORD_RULES: readonly WordRule[] = [
  {
    what: 'work left for later',
    pattern: new RegExp(`\\b(${LATER})\\b`, 'u'),
  },
  {
    what: 'a path of one machine',
    pattern: new RegExp(`(?<![\\w.~$}/-])(${FOLDERS})`, 'u'),
  },
  {
    what: 'a test that does not run',
    only: TESTS,
    pattern: /\b(it|test|describe)\.(skip|only|todo|fails)\b/u,
  },
  {
    what: 'a word of one subject in the contract or the engine',
    only: /^packages\/(operator-core\/|operator-engine\/(src\/|README))/u,
    pattern: /tikv|tiflash|pingcap|\bpd\b|\bPD_/iu,
  },
  {
    what: 'a clock beside the one of the engine',
    only: /^packages\/operator-(core|engine|tikv|cli)\/src\/(?!clock\/machine-clock\.ts$|(?:process|pd\/wire)\/wall-clock\.ts$)/u,
    pattern: /\bDate\.now\b|\bnew Date\(\)|(?<!new )\bDate\(\)/u,
  },
  {
    what: 'a thing of one subject in the contract or the engine',
    only: /^packages\/operator-(core|engine)\/(src\/|README)/u,
    pattern: /\bregions?\b|evict-leader|\bstore:[\d*]/iu,
  },
  {
    what: 'a command line where an operation belongs (`advise`)',
    only: /^packages\/operator-(core|engine|tikv)\/src\//u,
    pattern: new RegExp(`\`operator [a-z]|(?<!-)\\boperator (?:${COMMANDS})\\b(?!\\.)`, 'u'),
  },
];

const EXEMPT = /(^|\/)fixtures\/|^pnpm-lock\.yaml$|CHANGELOG\.md$|^LICENSE$/u;

/** Every line that breaks one of the rules. */
export function checkWords(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !EXEMPT.test(path))
    .flatMap((file) => WORD_RULES.flatMap((rule) => breaches(rule, file)));
}

function breaches({ what, only, pattern }: WordRule, file: SourceFile): readonly string[] {
  if (only?.test(file.path) === false) return [];
  return file.text.split('\n').flatMap((line, index) => {
    const match = pattern.exec(line);
    return match === null ? [] : [`${file.path}:${index + 1}: ${what}: ${match[0]}`];
  });
}
