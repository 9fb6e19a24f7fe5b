import { isJsonObject } from 'operator-core';
import type { JsonObject, ObservationDefinition } from 'operator-core';
import type { ObservationResult } from 'operator-engine';
import { OBSERVATIONS } from '../../builders/catalogs.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { formatCall } from '../../command/format-call.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { callDescribed } from '../../builders/described-call.ts';
import type { DescribedCall } from '../../builders/described-call.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { observePages } from './observe-pages.ts';
import { formatObservation, readRows } from '../../output/observation-view.ts';

type Call = DescribedCall<ObservationDefinition>;

/** See `operator observe --help`. */
export const observeCommand: Command = {
  name: 'observe',
  summary: 'Read an observation of the system. Changes nothing.',
  usage: 'NAME [--PARAMETER VALUE …] [flags]',
  flags: [COMMAND_FLAGS.params],
  examples: [['operator observations', 'list the observations']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { output } = invocation;
  return callDescribed(invocation, {
    catalog: OBSERVATIONS,
    use: async (call) => {
      const { definition } = call;
      const result = await read(invocation, call);
      if (output.format === 'json') output.emit('operator.observation/1', result);
      if (output.format === 'ndjson') emitRows(invocation, call, result);
      if (output.format === 'text') {
        output.print(formatObservation(result.value, definition.view, output.data));
      }
      return EXIT_CODES.done;
    },
  });
}

/** Reads the observation, and its pages up to a limit; notes where it stopped. */
async function read(invocation: Invocation, call: Call): Promise<ObservationResult> {
  const { subject, definition, parameters } = call;
  const { signal } = invocation.io;
  const { name, pages } = definition;
  const ask = async (given: JsonObject): Promise<ObservationResult> =>
    subject.observe(name, given, { signal });
  if (pages === undefined) return ask(parameters);
  const { result, rows, next } = await observePages(ask, definition, { parameters, pages });
  if (next !== null) {
    const following = { definition, parameters: { ...parameters, [pages.cursor]: next } };
    const command = formatCall(invocation, following, { command: 'observe' });
    invocation.output.note([`Stopped after ${rows} rows; there are more. To continue: ${command}`]);
  }
  return result;
}

/** A line for everything except the rows, then a line for each row; one line when there are no rows. */
function emitRows({ output }: Invocation, { definition }: Call, result: ObservationResult): void {
  const rows = readRows(result.value, definition.view);
  const key = definition.view?.rows;
  if (rows === null || key === undefined || !isJsonObject(result.value) || !(key in result.value)) {
    output.emit('operator.observation/1', result);
    return;
  }
  const { [key]: _rows, ...value } = result.value;
  output.emit('operator.observation/1', { ...result, value });
  for (const row of rows) {
    output.emit('operator.observation_row/1', { observation: result.observation, row });
  }
}
