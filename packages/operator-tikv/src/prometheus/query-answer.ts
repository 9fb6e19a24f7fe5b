import * as z from 'zod/mini';

/** One series of an instant query's answer. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** The value; `NaN` or infinite when Prometheus had nothing to compute with. */
  readonly value: number;
}

/** The answer to an instant query. */
export interface QueryAnswer {
  readonly samples: readonly Sample[];
  /** Reports of missing data from Prometheus. When there are any, the samples may be incomplete. */
  readonly warnings: readonly string[];
  /** Remarks of Prometheus on the expression and its data, with which the samples are complete. */
  readonly infos: readonly string[];
}

// Functions, because few commands ask Prometheus, and making a schema takes time at every start.
const vector = () =>
  z.object({
    status: z.literal('success'),
    data: z.object({
      resultType: z.literal('vector'),
      result: z.array(
        z.object({
          metric: z.record(z.string(), z.string()),
          value: z.tuple([z.number(), z.string()]),
        }),
      ),
    }),
    warnings: z.nullish(z.array(z.string())),
    infos: z.nullish(z.array(z.string())),
    isPartial: z.nullish(z.boolean()),
  });

const failure = () =>
  z.object({
    status: z.literal('error'),
    errorType: z.string(),
    error: z.string(),
  });

let vectorSchema: ReturnType<typeof vector> | null = null;
let failureSchema: ReturnType<typeof failure> | null = null;

/** Reads the answer of `GET /api/v1/query`; `null` when it has another form. */
export function parseQueryAnswer(document: unknown): QueryAnswer | null {
  vectorSchema ??= vector();
  const result = vectorSchema.safeParse(document);
  if (!result.success) return null;
  const { data, warnings, infos, isPartial } = result.data;
  // VictoriaMetrics sets it when some nodes of its cluster do not answer.
  const partial = isPartial === true ? ['some of its storage nodes did not answer'] : [];
  return {
    samples: data.result.map(({ metric, value }) => ({
      labels: metric,
      value: toNumber(value[1]),
    })),
    warnings: [...(warnings ?? []), ...partial],
    infos: infos ?? [],
  };
}

/** The message of Prometheus in a failed answer; `null` when the answer has another form. */
export function parseQueryFailure(document: unknown): string | null {
  failureSchema ??= failure();
  const result = failureSchema.safeParse(document);
  return result.success ? `${result.data.errorType}: ${result.data.error}` : null;
}

function toNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return text.trim() === '' ? Number.NaN : Number(text);
}
