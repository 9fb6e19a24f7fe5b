import type { Diagnosis } from 'operator-core';
import { describeQuorum } from '../pd/index.ts';
import type { PDMemberHealth, PDMembers, PDQuorum } from '../pd/index.ts';
import { failed, fine, judge } from './finding.ts';
import type { Attempt } from './finding.ts';

/** The cluster and its leader. */
export function judgeLeader(members: Attempt<PDMembers>): Diagnosis {
  if (!members.ok) {
    return { check: 'leader', ...failed(members.message, members.remedy) };
  }
  const { clusterId, leader } = members.value;
  if (leader !== null) {
    return { check: 'leader', ...fine(`${leader.name} leads PD of cluster ${clusterId}.`) };
  }
  return {
    check: 'leader',
    ...failed(
      `PD of cluster ${clusterId} has no leader.`,
      'Wait for the election; if it does not end, check that most PD members are running.',
    ),
  };
}

/** Finding when at most half of the members answer. */
export function judgeQuorum(quorum: PDQuorum): Diagnosis {
  const missing = quorum.members.filter((name) => !quorum.answering.includes(name));
  return {
    check: 'leader',
    isUnreachable: true,
    ...failed(
      `${describeQuorum(quorum)}: ${missing.join(', ')} ${missing.length === 1 ? 'does' : 'do'} not.`,
      'Start the missing PD members: until more than half of them answer, PD elects no leader and answers nothing.',
    ),
  };
}

/** Checks that every member answers the others. */
export function judgeHealth(health: Attempt<readonly PDMemberHealth[]>): Diagnosis {
  return judge('members', health, (members) => {
    const ill = members.filter(({ isHealthy }) => !isHealthy).map(({ name }) => name);
    if (ill.length === 0) return fine(`Healthy: ${members.map(({ name }) => name).join(', ')}.`);
    return failed(
      `Of ${members.length} members of PD these are not healthy: ${ill.join(', ')}.`,
      'Bring them back: with half of the members gone PD stops answering.',
    );
  });
}
