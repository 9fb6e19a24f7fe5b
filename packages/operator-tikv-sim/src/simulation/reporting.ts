import type { Knowledge } from '../world/cluster/leadership.ts';
import { spread } from '../world/cluster/random.ts';
import type { Region } from '../world/cluster/region.ts';
import { isAlive } from '../world/store-health.ts';
import type { World } from '../world/world.ts';

/** Schedulers start when so large a part of the regions has reported. */
const PREPARED_SHARE = 0.9;
/** PD looks that often whether it is prepared, and gives up waiting after five minutes. */
const PREPARE_POLL_MS = 2_000;
const PREPARE_LIMIT_MS = 300_000;
const SLICES = 60;

/** Start of a PD leader: it hears of the regions, then its schedulers run. */
export function beginTerm(world: World, knowledge: Knowledge): void {
  world.operators.forget();
  world.schedulers.forget();
  world.faults.indexFrozen = false;
  world.topology.freeze(false);
  const { number } = world.leadership.term;
  if (knowledge === 'all') return prepare(world, number);
  if (knowledge === 'nothing') {
    world.topology.forgetReports();
    scheduleReports(world);
  }
  // Regions that only came from another member do not count: their own heartbeats must come first.
  const firstLookMs = knowledge === 'regions' ? world.settings.regionHeartbeatMs : PREPARE_POLL_MS;
  world.clock.schedule(firstLookMs, () => prepare(world, number));
}

function scheduleReports(world: World): void {
  const { regionHeartbeatMs, spreadHeartbeats, seed } = world.settings;
  const slices = new Map<number, Region[]>();
  for (const region of world.topology.regions.all()) {
    const slice = spreadHeartbeats ? Math.ceil(spread(seed, region.id) * SLICES) : SLICES;
    const members = slices.get(slice);
    if (members === undefined) slices.set(slice, [region]);
    else members.push(region);
  }
  for (const [slice, regions] of slices) {
    scheduleReport(world, regions, (slice * regionHeartbeatMs) / SLICES);
  }
}

function scheduleReport(world: World, regions: readonly Region[], afterMs: number): void {
  const { number } = world.leadership.term;
  world.clock.schedule(afterMs, () => {
    if (world.leadership.term.number !== number) return;
    const silent = regions.filter((region) => !report(world, region));
    if (silent.length > 0) scheduleReport(world, silent, world.settings.regionHeartbeatMs);
  });
}

/** The region's leader sends its heartbeat, if it lives; true when there is nothing more to hear. */
function report(world: World, region: Region): boolean {
  if (world.topology.regions.get(region.id) !== region) return true;
  const leaderStore = world.topology.stores.get(region.leader?.storeId ?? 0);
  if (isAlive(leaderStore)) world.topology.report(region);
  return region.reported;
}

function prepare(world: World, term: number): void {
  if (world.leadership.term.number !== term || world.leadership.isPrepared()) return;
  const { topology, clock, leadership } = world;
  const enough = topology.reportedRegions >= topology.regions.size * PREPARED_SHARE;
  if (!enough && clock.now() - leadership.term.since < PREPARE_LIMIT_MS) {
    clock.schedule(PREPARE_POLL_MS, () => prepare(world, term));
    return;
  }
  leadership.markPrepared();
  world.schedulers.load();
  world.checker.noticeAll(
    topology.regions
      .all()
      .filter((region) => region.peers.length !== world.config.maxReplicas())
      .map((region) => region.id),
  );
}
