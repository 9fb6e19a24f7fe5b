import { expect, it } from 'vitest';
import { LAMP_PLUGIN } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();

/** Switching a lamp on takes a second request, to a lamp that does not exist. */
const PAIR = `import lamps from ${JSON.stringify(LAMP_PLUGIN)};
const second = { purpose: 'throw the other switch', method: 'POST', path: '/lamps/99', body: '{"on":true}' };
const actions = lamps.actions.map((action) => action.name !== 'switch_lamp' ? action : {
  ...action,
  async plan(call) {
    const outcome = await action.plan(call);
    if (outcome.kind !== 'draft' || call.parameters.on !== true) return outcome;
    const { draft } = outcome;
    return draft === undefined
      ? { ...outcome, requests: [...outcome.requests, second] }
      : { ...outcome, draft: { ...draft, requests: [...draft.requests, second] } };
  },
});
export default { ...lamps, actions };
`;

it('a run that was half done ends with 11, tells what was sent, and can be undone', async () => {
  house.project.write('pair.mjs', PAIR);
  house.project.write(
    'operator.config.yaml',
    `subjects:\n  home:\n    plugin: ./pair.mjs\n    config:\n      houseUrl: ${house.lamps.url}\n`,
  );
  house.lamps.looksUntilDone = 0;
  const run = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];
  const { exitCode, stdout, stderr } = await house.operator(run);
  expect(exitCode, stderr).toBe(11);
  expect(stdout).toBe('');
  expect(stderr).toContain(
    'Partly done: throw the switch (accepted); throw the other switch (refused).',
  );
  expect(stderr).toContain('PARTLY_DONE');
  const id = /Recorded as run (\w{16})/u.exec(stderr)?.[1] ?? '';
  expect(house.sent()).toEqual(['/lamps/1', '/lamps/99']);
  expect((await house.operator(['runs'])).stdout).toContain('partly done');
  const { stdout: page } = await house.operator(['runs', 'show', id]);
  expect(page).toMatch(/1\. throw the switch .+: accepted/u);
  expect(page).toMatch(/2\. throw the other switch .+: refused/u);
  expect((await house.operator(['runs', 'watch', id])).exitCode).toBe(11);
  const undone = await house.operator(['undo', id, '--yes']);
  expect(undone.exitCode, undone.stderr).toBe(0);
  expect(house.sent()).toEqual(['/lamps/1', '/lamps/99', '/lamps/1']);
  expect(house.lamps.lamps[0]?.on).toBe(false);
  expect((await house.operator(['runs', 'show', id])).stdout).toMatch(/State +undone/u);
});
