import { isJsonObject } from 'operator-core';
import type { ObservationDefinition } from 'operator-core';
import type { ObservationResult } from 'operator-engine';
import { OBSERVATIONS } from '../../builders/catalogs.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { callDescribed } from '../../builders/described-call.ts';
import type { DescribedCall } from '../../builders/described-call.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
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
  const { io, output } = invocation;
  return callDescribed(invocation, {
    catalog: OBSERVATIONS,
    use: async (call) => {
      const { subject, definition, parameters } = call;
      const { signal } = io;
      const result = await subject.observe(definition.name, parameters, { signal });
      if (output.format === 'json') output.emit('operator.observation/1', result);
      if (output.format === 'ndjson') emitRows(invocation, call, result);
      if (output.format === 'text') {
        output.print(formatObservation(result.value, definition.view, output.data));
      }
      return EXIT_CODES.done;
    },
  });
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
