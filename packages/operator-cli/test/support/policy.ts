import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from './house.ts';

/** Adds a policy to the configuration. */
export function usePolicy(house: House, text: string): void {
  const config = readFileSync(join(house.project.directory, 'operator.config.yaml'), 'utf8');
  house.project.write('policy.yaml', text);
  if (!config.startsWith('policy:')) {
    house.project.write('operator.config.yaml', `policy: ./policy.yaml\n${config}`);
  }
}

/** Switching needs the consent of people, and holding needs none. */
export function needsApproval(approval = '{ count: 1 }'): string {
  return `rules:
  - id: switching-needs-people
    when: { action: switch_lamp }
    decision: needs_approval
    approval: ${approval}
    reason: Somebody may be asleep.
  - id: holding-is-free
    when: { action: [hold_lamp, release_lamp] }
    decision: allow
    reason: It disturbs nobody.
`;
}
