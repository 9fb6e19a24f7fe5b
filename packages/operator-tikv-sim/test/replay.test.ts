import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Coverage, coverageOf } from './replay/manifest.ts';
import type { RecordedFile } from './replay/recording.ts';
import { replay } from './replay/replay.ts';
import type { Outcome } from './replay/situation.ts';
import { SITUATIONS } from './replay/situations.ts';

const outcomes: (readonly [RecordedFile, Outcome])[] = [];

describe('the simulator answers as the recorded PD did', () => {
  for (const situation of SITUATIONS) {
    const part = situation.only === undefined ? '' : ` (${situation.only.source})`;
    it(`${situation.file}${part}`, async () => {
      const outcome = await replay(situation);
      outcomes.push([situation.file, outcome]);
      expect(outcome.deviations).toEqual([]);
      expect(outcome.replayed.length).toBeGreaterThan(0);
    });
  }

  it('says of every recorded entry whether it is replayed, or why not', () => {
    const manifest: Coverage = JSON.parse(
      readFileSync(new URL('replay/manifest.json', import.meta.url), 'utf8'),
    );
    expect(coverageOf(outcomes)).toEqual(manifest);
    expect(JSON.stringify(manifest)).not.toContain('forgotten');
    const replayed = Object.values(manifest).reduce((sum, file) => sum + file.replayed, 0);
    expect(replayed).toBeGreaterThan(1_300);
  });
});
