/** Formats of data on stdout. */
export const OUTPUT_FORMATS = ['text', 'json', 'ndjson'] as const;

/** See {@link OUTPUT_FORMATS}. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
