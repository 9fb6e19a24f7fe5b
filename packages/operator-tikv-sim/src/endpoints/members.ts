import { readObject, parseId } from '../http/body.ts';
import { NIL_POINTER, type Reply, empty, json, message, panic } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import type { Member } from '../world/cluster/leadership.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { World } from '../world/world.ts';
import type { JsonObject, JsonValue } from '../text/json-value.ts';
import { rfc3339 } from '../text/go-time.ts';

function brief(member: Member): JsonObject {
  return {
    name: member.name,
    member_id: member.id,
    peer_urls: [member.peerUrl],
    client_urls: [member.clientUrl],
  };
}

function full(world: World, member: Member): JsonObject {
  return {
    ...brief(member),
    leader_priority: member.priority || undefined,
    deploy_path: '/pd/bin',
    binary_version: `v${world.profile.release}`,
    git_hash: 'None',
  };
}

function getMembers(world: World): Reply {
  const { leadership } = world;
  if (!leadership.hasQuorum()) {
    return message(
      500,
      '[PD:etcd:ErrEtcdKVGet]context deadline exceeded: context deadline exceeded',
    );
  }
  const leader = leadership.leader === undefined ? undefined : full(world, leadership.leader);
  return json(200, {
    header: { cluster_id: world.clusterId },
    members: leadership.members.map((member) => full(world, member)),
    leader,
    etcd_leader: leader,
  });
}

function getLeader(world: World): Reply {
  const { leader, named } = world.leadership;
  const shown = leader ?? named;
  return json(200, shown === undefined ? null : brief(shown));
}

function getHealth(world: World): Reply {
  const all = world.leadership.members.map((member) => ({
    name: member.name,
    member_id: member.id,
    client_urls: [member.clientUrl],
    // The older release calls all members unhealthy while there is no leader.
    health:
      member.state === 'up' && (world.profile.isModern || world.leadership.leader !== undefined),
  }));
  return json(200, all);
}

function getStatus(world: World, request: RouteRequest): Reply {
  return json(200, {
    build_ts: 'None',
    version: `v${world.profile.release}`,
    git_hash: 'None',
    start_timestamp: Math.floor(request.member.startedAt / 1000),
  });
}

function getVersion(world: World): Reply {
  return json(200, { version: `v${world.profile.release}`, build_time: '', hash: '', branch: '' });
}

function getCluster(world: World): Reply {
  return json(200, { id: world.clusterId, max_peer_count: world.config.maxReplicas() });
}

function getClusterStatus(world: World, request: RouteRequest): Reply {
  if (!request.isLeader && !world.profile.isModern) return panic(NIL_POINTER);
  const bootstrappedAt = rfc3339(
    BigInt(Math.floor(world.clock.startedAt - 120_000)) * 1_000_000n + 659_258_637n,
  );
  return json(200, {
    raft_bootstrap_time: world.settings.bootstrapped ? bootstrappedAt : '0001-01-01T00:00:00Z',
    is_initialized: world.settings.bootstrapped,
    replication_status: '',
  });
}

function getReady(world: World): Reply {
  return empty(world.settings.bootstrapped && world.leadership.leader !== undefined ? 200 : 500);
}

function resign(world: World): Reply {
  const { leader, members } = world.leadership;
  const next = members.find((member) => member !== leader && member.state === 'up');
  if (next !== undefined) world.leadership.transferTo(next);
  return message(200, 'The resign command is submitted.');
}

function transferLeader(world: World, request: RouteRequest): Reply {
  const member = world.leadership.members.find((each) => each.name === request.params['name']);
  if (member === undefined) return message(500, 'no valid pd to transfer etcd leader');
  world.leadership.transferTo(member);
  return message(200, 'The transfer command is submitted.');
}

function deleteByName(world: World, request: RouteRequest): Reply {
  const name = request.params['name'] ?? '';
  const isKnown = world.leadership.members.some((member) => member.name === name);
  return isKnown ? message(200, `removed, pd: ${name}`) : message(404, `not found, pd: ${name}`);
}

function deleteById(world: World, request: RouteRequest): Reply {
  const id = request.params['id'] ?? '';
  const parsed = parseId(id);
  if (!parsed.ok) return message(400, parsed.problem);
  const member = world.leadership.members.find((each) => each.id === BigInt(id));
  if (member !== undefined) return message(200, `removed, pd: ${member.id}`);
  return message(
    500,
    '[PD:etcd:ErrEtcdMemberRemove]etcdserver: member not found: etcdserver: member not found',
  );
}

function setPriority(world: World, request: RouteRequest): Reply {
  const member = world.leadership.members.find((each) => each.name === request.params['name']);
  if (member === undefined) return message(404, `not found, pd: ${request.params['name'] ?? ''}`);
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const priority: JsonValue | undefined = read.value['leader-priority'];
  if (priority !== undefined && typeof priority !== 'number')
    throw new PdRefusal(400, 'bad format leader priority');
  member.priority = priority ?? member.priority;
  return message(200, 'success');
}

function getReplicationStatus(): Reply {
  return json(200, {
    mode: 'majority',
    'dr-auto-sync': { label_key: '', state: '', acid_consistent: false },
  });
}

function getMinResolvedTs(world: World): Reply {
  const stores = world.profile.isModern ? { stores_min_resolved_ts: null } : {};
  return json(200, { is_real_time: true, min_resolved_ts: 0, persist_interval: '1s', ...stores });
}

/** PD's embedded etcd answers on the same port, outside of `/pd`. */
function etcdHealth(world: World): Reply {
  const body = world.profile.isModern ? '{"health":"true","reason":""}' : '{"health":"true"}';
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body };
}

function etcdVersion(): Reply {
  const body = '{"etcdserver":"3.5.15","etcdcluster":"3.5.0"}';
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
}

const V2_NOT_FOUND: Reply = {
  status: 404,
  headers: { 'Content-Type': 'text/plain' },
  body: '404 page not found',
};

export const MEMBER_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/members', scope: 'local', handler: getMembers },
  {
    method: 'DELETE',
    path: '/pd/api/v1/members/name/:name',
    scope: 'local',
    handler: deleteByName,
  },
  { method: 'POST', path: '/pd/api/v1/members/name/:name', scope: 'local', handler: setPriority },
  { method: 'DELETE', path: '/pd/api/v1/members/id/:id', scope: 'local', handler: deleteById },
  { method: 'GET', path: '/pd/api/v1/leader', scope: 'local', handler: getLeader },
  { method: 'POST', path: '/pd/api/v1/leader/resign', scope: 'local', handler: resign },
  {
    method: 'POST',
    path: '/pd/api/v1/leader/transfer/:name',
    scope: 'local',
    handler: transferLeader,
  },
  { method: 'GET', path: '/pd/api/v1/health', scope: 'local', handler: getHealth },
  { method: 'GET', path: '/pd/health', scope: 'local', handler: getHealth },
  { method: 'GET', path: '/pd/api/v1/ping', scope: 'local', handler: () => empty(200) },
  { method: 'GET', path: '/pd/ping', scope: 'local', handler: () => empty(200) },
  { method: 'GET', path: '/pd/api/v1/status', scope: 'local', handler: getStatus },
  { method: 'GET', path: '/pd/api/v1/version', scope: 'local', handler: getVersion },
  { method: 'GET', path: '/pd/api/v1/cluster', scope: 'local', handler: getCluster },
  { method: 'GET', path: '/pd/api/v1/cluster/status', scope: 'local', handler: getClusterStatus },
  {
    method: 'GET',
    path: '/pd/api/v1/replication_mode/status',
    scope: 'cluster',
    handler: getReplicationStatus,
  },
  {
    method: 'GET',
    path: '/pd/api/v1/min-resolved-ts',
    scope: 'cluster',
    handler: getMinResolvedTs,
  },
  { method: 'GET', path: '/pd/api/v2/ready', scope: 'local', handler: getReady, only: '8.5' },
  { method: 'GET', path: '/pd/api/v2/*rest', scope: 'local', handler: () => V2_NOT_FOUND },
  { method: 'GET', path: '/health', scope: 'local', handler: etcdHealth },
  { method: 'GET', path: '/version', scope: 'local', handler: etcdVersion },
];
