/** What came back, in the form of the recordings. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const COMPARED_HEADERS = [
  'content-type',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'x-content-type-options',
  'tidb-error-code',
  'location',
];

/** Fields that PD leaves out when they are zero: in lists they come and go with the moment. */
const OMITTED_WHEN_ZERO = new Set([
  'learner_count',
  'pending_peer_count',
  'labels',
  'physically_destroyed',
  'is_busy',
]);

/** Program addresses and the folders of the recorded machine. */
const UNCOMPARED = new Set(['stack', 'data-dir', 'start_key', 'end_key']);

export interface CompareOptions {
  /** Lists need only share one kind of element. */
  readonly partly?: boolean;
}

/** The differences that count: status, headers, shape and words. Numbers, ids, keys and times do not. */
export function differences(
  recorded: Answered,
  simulated: Answered,
  options: CompareOptions = {},
): string[] {
  const found: string[] = [];
  if (recorded.status !== simulated.status)
    found.push(`status ${simulated.status} instead of ${recorded.status}`);
  for (const name of COMPARED_HEADERS) {
    const [wanted, got] = [recorded.headers[name], simulated.headers[name]];
    if (wanted !== got) found.push(`${name} ${got ?? 'absent'} instead of ${wanted ?? 'absent'}`);
  }
  const difference = firstDifference(shapeOfBody(recorded), shapeOfBody(simulated), options);
  if (difference !== undefined) found.push(`body: ${difference}`);
  return found;
}

type Shape =
  | string
  | { readonly list: readonly Shape[] }
  | { readonly fields: readonly (readonly [string, Shape])[] };

function shapeOfBody({ headers, body }: Answered): Shape {
  if (body.startsWith('PANIC: ')) return body.split('\n')[0] ?? '';
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('application/')) return words(body);
  const text = body.replaceAll(/(?<=[:[,\s])(-?\d{16,})(?=[,\s\]}])/g, '1');
  const layout = type.startsWith('application/json') && body.endsWith('\n') ? 'line ' : '';
  const shape = shapeOf(JSON.parse(text));
  return layout === '' ? shape : { fields: [['line', shape]] };
}

function shapeOf(value: unknown): Shape {
  if (value === null) return 'null';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return `boolean ${String(value)}`;
  if (typeof value === 'string') return `text ${words(value)}`;
  if (Array.isArray(value)) return { list: unique(value.map(shapeOf)) };
  const entries = Object.entries(value ?? {}).filter(([key]) => !OMITTED_WHEN_ZERO.has(key));
  // Maps by id: which ids there are depends on the moment.
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) {
    return { fields: [['<id>', { list: unique(entries.map(([, each]) => shapeOf(each))) }]] };
  }
  return {
    fields: entries.map(([key, each]) => [key, UNCOMPARED.has(key) ? key : shapeOf(each)] as const),
  };
}

function unique(shapes: readonly Shape[]): Shape[] {
  const seen = new Map(shapes.map((shape) => [JSON.stringify(shape), shape] as const));
  return [...seen].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, shape]) => shape);
}

/** Text without what differs from run to run. */
function words(text: string): string {
  return text
    .replaceAll(
      /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| \+0000 UTC(?: m=\+[\d.]+)?)/g,
      '<time>',
    )
    .replaceAll(/\b(?:\d+h)?(?:\d+m)?[\d.]+(?:s|ms|µs|ns)\b/g, '<duration>')
    .replaceAll(/\b[\d.]+(?:B|KiB|MiB|GiB|TiB)\b/g, '<size>')
    .replaceAll(/\b[0-9A-F]{12,}\b/g, '<key>')
    .replaceAll(/"end_key":"[^"]*"/g, '<key>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<address>')
    .replaceAll(/\d+(?:\.\d+)?/g, '#')
    .replaceAll(/\[#(?: #)+\]/g, '[#]');
}

/** Where two shapes differ first, in words; undefined when they are alike. */
function firstDifference(
  recorded: Shape,
  simulated: Shape,
  options: CompareOptions,
): string | undefined {
  if (JSON.stringify(recorded) === JSON.stringify(simulated)) return undefined;
  if (typeof recorded !== 'string' && typeof simulated !== 'string') {
    if ('list' in recorded && 'list' in simulated)
      return listDifference(recorded.list, simulated.list, options);
    if ('fields' in recorded && 'fields' in simulated)
      return fieldDifference(recorded.fields, simulated.fields, options);
  }
  return `${brief(simulated)} instead of ${brief(recorded)}`;
}

function listDifference(
  recorded: readonly Shape[],
  simulated: readonly Shape[],
  options: CompareOptions,
): string | undefined {
  const lacks = (list: readonly Shape[], one: Shape): boolean =>
    list.every((other) => firstDifference(other, one, options) !== undefined);
  const strange = simulated.filter((one) => lacks(recorded, one));
  if (options.partly === true && strange.length < simulated.length) return undefined;
  const [first] = recorded;
  if (strange[0] !== undefined) {
    const detail =
      first === undefined
        ? 'where there is none'
        : (firstDifference(first, strange[0], options) ?? '');
    return `an element ${brief(strange[0])} (${detail})`;
  }
  const absent = recorded.find((one) => lacks(simulated, one));
  return absent === undefined ? undefined : `no element ${brief(absent)}`;
}

type Fields = readonly (readonly [string, Shape])[];

function fieldDifference(
  recorded: Fields,
  simulated: Fields,
  options: CompareOptions,
): string | undefined {
  const names = (fields: Fields): string => fields.map(([key]) => key).join(' ');
  if (names(recorded) !== names(simulated))
    return `keys ${names(simulated)} instead of ${names(recorded)}`;
  for (const [index, [key, shape]] of recorded.entries()) {
    const difference = firstDifference(shape, simulated[index]?.[1] ?? '', options);
    if (difference !== undefined) return `${key}: ${difference}`;
  }
  return undefined;
}

function brief(shape: Shape): string {
  return JSON.stringify(shape).slice(0, 400);
}
