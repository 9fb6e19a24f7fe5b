/** One line of the result. */
export interface Measurement {
  /** The thing that was measured, and the one that it is compared with. */
  readonly what: string;
  /** The result, as a ratio or a number with its unit. */
  readonly result: string;
  /** The bound that it must keep. */
  readonly bound: string;
  readonly kept: boolean;
  /** Medians behind a ratio, for people. */
  readonly detail: string;
}

/** A ratio with its bound. */
export function toRatio(
  what: string,
  medians: { readonly measured: number; readonly baseline: number; readonly unit: string },
  bound: number,
): Measurement {
  const ratio = medians.measured / medians.baseline;
  const format = (value: number): string => `${value.toPrecision(3)} ${medians.unit}`;
  return {
    what,
    result: `${ratio.toFixed(2)} ×`,
    bound: `≤ ${bound} ×`,
    kept: ratio <= bound,
    detail: `${format(medians.measured)} / ${format(medians.baseline)}`,
  };
}

/** An absolute number with its bound. */
export function toLimit(
  what: string,
  value: { readonly measured: number; readonly unit: string },
  bound: number,
): Measurement {
  return {
    what,
    result: `${Math.round(value.measured)} ${value.unit}`,
    bound: `≤ ${bound} ${value.unit}`,
    kept: value.measured <= bound,
    detail: '',
  };
}

/** An absolute number that must be reached. */
export function toAtLeast(
  what: string,
  value: { readonly measured: number; readonly unit: string },
  bound: number,
): Measurement {
  const format = (number: number): string =>
    `${Math.round(number).toLocaleString('en')} ${value.unit}`;
  return {
    what,
    result: format(value.measured),
    bound: `≥ ${format(bound)}`,
    kept: value.measured >= bound,
    detail: '',
  };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('there is no median of nothing');
  return middle;
}

/** Results as a Markdown table. */
export function toTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map(
    ({ what, result, bound, kept, detail }) =>
      `| ${what} | ${result} | ${bound} | ${kept ? 'yes' : '**no**'} | ${detail} |`,
  );
  return ['| what | result | bound | kept | medians |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}
