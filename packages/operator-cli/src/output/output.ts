import type { DocumentContents, DocumentFormat } from 'operator-engine';
import type { OutputFormat } from '../arguments/output-format.ts';
import type { CommandLineIo, TextSink } from '../process/io.ts';
import { printableJson } from './printable.ts';
import { createStyle, isColorWanted } from './style.ts';
import type { Style } from './style.ts';
import { wordRemedies } from './word-remedies.ts';

/** Looks of one of the two streams. */
export interface Look {
  readonly style: Style;
  /** Columns of the terminal, or `null` when no width is given. */
  readonly width: number | null;
}

/** Both streams of the program: data on stdout, everything else on stderr. */
export interface Output {
  readonly format: OutputFormat;
  /** Look of stdout. */
  readonly data: Look;
  /** Look of stderr. */
  readonly notes: Look & { readonly isTTY: boolean };
  /** Writes lines for people to stdout; only with `text`. */
  print(lines: readonly string[]): void;
  /** Writes one JSON document to stdout: indented with `json`, on one line with `ndjson`. */
  emit<Format extends DocumentFormat>(format: Format, content: DocumentContents[Format]): void;
  /** Resolves when stdout takes more: for output without end. */
  drained(): Promise<void>;
  /** Writes lines to stderr. */
  note(lines: readonly string[]): void;
  /** Writes to stderr without a line feed. */
  noteRaw(text: string): void;
}

/** Options of {@link createOutput}. */
export interface OutputChoice {
  readonly format: OutputFormat;
  readonly color: boolean | null;
}

/** Creates the output on the streams of `io`; it opens nothing. */
export function createOutput(io: CommandLineIo, { format, color }: OutputChoice): Output {
  const { stdout, stderr, isTTY, env } = io;
  const look = (stream: 'stdout' | 'stderr'): Look => ({
    style: createStyle(isColorWanted({ wanted: color, isTTY: isTTY[stream], env })),
    // Terminals without a size say 0.
    width: isTTY[stream] ? io[stream].columns || 80 : null,
  });
  const indent = format === 'json' ? 2 : undefined;
  return {
    format,
    data: look('stdout'),
    notes: { ...look('stderr'), isTTY: isTTY.stderr },
    print: (lines) => void stdout.write(toText(lines)),
    emit: (name, content) => {
      const text = JSON.stringify({ format: name, ...content }, wordRemedies, indent);
      stdout.write(`${printableJson(text)}\n`);
    },
    drained: async () => untilDrained(stdout),
    note: (lines) => void stderr.write(toText(lines)),
    noteRaw: (text) => void stderr.write(text),
  };
}

async function untilDrained(sink: TextSink): Promise<void> {
  if (sink.writableNeedDrain !== true) return;
  await new Promise<void>((resolve) => {
    // A reader that has gone never drains the stream.
    for (const event of ['drain', 'close', 'error'] as const) sink.once?.(event, resolve);
  });
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
