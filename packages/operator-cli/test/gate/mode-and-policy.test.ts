import { describe, expect, it } from 'vitest';
import { EXAMPLE_POLICY } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';
import { needsApproval, usePolicy } from '../support/policy.ts';

const house = useHouse();
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];

describe('the kill switch', () => {
  it('stops everything until a user lifts it: 5, with the user, the reason and the time', async () => {
    await house.operator(['run', 'switch_lamp', '--lamp-id', '3', '--yes']);
    const { exitCode } = await house.operator(['stop', '--reason', 'smoke'], { user: 'ben' });
    expect(exitCode).toBe(0);
    const stopped = await house.operator(RUN);
    expect(stopped.exitCode).toBe(5);
    expect(stopped.stderr).toContain('ben has stopped everything: smoke');
    expect(house.sent()).toEqual(['/lamps/3']);
    expect((await house.operator(['mode'])).stdout).toMatch(/^Stopped by ben .*: smoke\n/u);
    expect((await house.operator(['doctor'])).stdout).toContain('warning  mode');
    const { stdout } = await house.operator(['resume', '--reason', 'toast', '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'operator.mode/1', stop: null });
    expect((await house.operator(RUN)).exitCode).toBe(0);
  });

  it('with --cancel asks runs under way to give up what can be given up', async () => {
    house.lamps.mood = 'stuck';
    const stops: ReturnType<typeof house.operator>[] = [];
    const run = await house.operator([...RUN, '--deadline-ms', '3000'], {
      onStderr: (text) => {
        if (!text.includes('Watching') || stops.length > 0) return;
        stops.push(house.operator(['stop', '--cancel', '--reason', 'smoke'], { user: 'ben' }));
      },
    });
    expect(run.stderr).toContain('ben requested a cancel: ');
    expect(run.stderr).toContain('What was sent cannot be cancelled');
    expect(run.exitCode).toBe(9);
    expect(await Promise.all(stops)).toMatchObject([{ exitCode: 0 }]);
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it('with --cancel stops waiting after Ctrl-C, and says that the kill switch is thrown: 130', async () => {
    house.lamps.mood = 'stuck';
    const stops: ReturnType<typeof house.operator>[] = [];
    const settings = { user: 'ben', signal: AbortSignal.abort() };
    await house.operator([...RUN, '--deadline-ms', '1000'], {
      onStderr: (text) => {
        if (!text.includes('Watching') || stops.length > 0) return;
        stops.push(house.operator(['stop', '--cancel', '--reason', 'smoke'], settings));
      },
    });
    const [stopped] = await Promise.all(stops);
    expect(stopped?.stderr).toMatch(/^Stopped by ben .*: smoke$/mu);
    expect(stopped?.exitCode).toBe(130);
  });
});

describe('operator mode', () => {
  it('observe lets nothing run, guarded nothing without approval, and says who set it', async () => {
    const set = async (mode: string) => {
      const argv = ['mode', 'set', mode, '--reason', 'a test'];
      expect((await house.operator(argv, { user: 'ben' })).exitCode).toBe(0);
    };
    await set('observe');
    expect((await house.operator(['mode'])).stdout).toMatch(
      /^observe \(nothing runs\), set by ben .*: a test\n$/u,
    );
    expect((await house.operator(RUN)).exitCode).toBe(5);
    await set('guarded');
    expect((await house.operator(RUN)).exitCode).toBe(6);
    await set('autonomous');
    expect((await house.operator(RUN)).exitCode).toBe(0);
  });
});

describe('operator policy', () => {
  it('test runs the cases in the file: 0 when all pass', async () => {
    usePolicy(house, EXAMPLE_POLICY);
    const { exitCode, stdout } = await house.operator(['policy', 'test']);
    expect(stdout).toMatch(/^passed {2}lamps \(.*policy\.yaml:\d+\)$/mu);
    expect(stdout).toContain('1 tests: 1 passed, 0 failed.');
    expect(exitCode).toBe(0);
  });

  it('test says what differs, with the line, and which rules nothing tests: 8', async () => {
    usePolicy(
      house,
      `${needsApproval()}tests:
  - name: holding
    plan: { subject: home, action: hold_lamp, riskLevel: low }
    requester: { kind: person, name: ann }
    expect: deny
`,
    );
    const { exitCode, stdout } = await house.operator(['policy', 'test']);
    expect(exitCode).toBe(8);
    expect(stdout).toMatch(/^failed {2}holding \(.*:12\)$/mu);
    expect(stdout).toContain('decision: expected deny, is allow');
    expect(stdout).toMatch(/^! no test needs rule switching-needs-people/mu);
    const json = await house.operator(['policy', 'test', '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 'operator.policy_tests/1',
      passed: false,
    });
  });

  it('test names every mistake of a policy with its line: 3; without a policy too', async () => {
    expect((await house.operator(['policy', 'test'])).stderr).toContain('POLICY_NOT_CONFIGURED');
    usePolicy(house, 'rules:\n  - { id: a, decision: maybe }\n');
    const { exitCode, stderr } = await house.operator(['policy', 'test']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('policy.yaml:2');
  });

  it('explain says what would be decided, and how each rule stands to the plan', async () => {
    usePolicy(house, needsApproval());
    await house.operator(['plan', 'switch_lamp', '--lamp-id', '1', '--out', 'plan.json']);
    const { exitCode, stdout } = await house.operator(['policy', 'explain', 'plan.json']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Decision   needs approval');
    expect(stdout).toContain('switching-needs-people (line 2) matches → needs approval');
    expect(stdout).toContain('holding-is-free (line 7) does not match → allow');
    expect(stdout).toContain('action: no, wants hold_lamp, release_lamp, finds switch_lamp');
    const json = await house.operator(['policy', 'explain', 'plan.json', '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 'operator.policy_explanation/1',
      requester: { kind: 'person', name: 'ann' },
      decision: { kind: 'needs_approval', approval: { count: 1 } },
    });
    expect(house.sent()).toEqual([]);
  });
});

describe('the doctor', () => {
  it('gives what lifts a stop as an operation, beside the command that people read', async () => {
    await house.operator(RUN);
    await house.operator(['stop', '--reason', 'smoke']);
    const { stdout } = await house.operator(['doctor', '--output', 'json']);
    const { findings } = JSON.parse(stdout);
    expect(findings.find(({ check }: { check: string }) => check === 'mode')).toMatchObject({
      remedy: expect.stringContaining('`operator resume --reason TEXT`'),
      next: [{ operation: 'resume', reason: null }],
    });
  });

  it('finds rules with unknown names: a denial with a typing error never matches', async () => {
    usePolicy(
      house,
      `rules:
  - { id: all, when: { subject: "h*" }, decision: allow, reason: Everything is fine. }
  - { id: dark, when: { action: [Switch_Lamp, switch_lamp] }, decision: deny, reason: It is night. }
risk:
  - { id: away, when: { subject: elsewhere }, raiseTo: high, reason: Nobody is there. }
`,
    );
    const { exitCode, stdout } = await house.operator(['doctor', '--output', 'json']);
    expect(exitCode).toBe(0);
    const { findings } = JSON.parse(stdout);
    const names = findings.filter(({ check, state }: Record<string, string>) => {
      return check === 'policy' && state === 'warning';
    });
    expect(names).toMatchObject([
      { message: expect.stringMatching(/:3: rule dark names the action Switch_Lamp/u) },
      { message: expect.stringMatching(/:5: rule away names the subject elsewhere/u) },
    ]);
    expect(names[0].remedy).toContain('Did you mean switch_lamp?');
  });
});
