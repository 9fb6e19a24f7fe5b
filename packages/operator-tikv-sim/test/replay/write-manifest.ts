// Rewrites manifest.json after a situation was added: node --conditions=@operator/source test/replay/write-manifest.ts
import { writeFileSync } from 'node:fs';
import { coverageOf } from './manifest.ts';
import type { RecordedFile } from './recording.ts';
import { replay } from './replay.ts';
import type { Outcome } from './situation.ts';
import { SITUATIONS } from './situations.ts';

const outcomes: (readonly [RecordedFile, Outcome])[] = [];
for (const situation of SITUATIONS) outcomes.push([situation.file, await replay(situation)]);
const coverage = coverageOf(outcomes);
writeFileSync(new URL('manifest.json', import.meta.url), `${JSON.stringify(coverage, null, 2)}\n`);
