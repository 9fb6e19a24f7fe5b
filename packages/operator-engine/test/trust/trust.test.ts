import {
  chmodSync,
  chownSync,
  mkdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { loadPolicy } from '../../src/policy/load-policy.ts';
import { resolvePlugin } from '../../src/plugin/resolve-plugin.ts';
import { distrustPath, trustPath } from '../../src/trust/trust.ts';
import { readTrustedPaths, trustFile } from '../../src/trust/trusted-paths.ts';
import { temporaryDirectory } from '../ledger/temporary.ts';
import { failureOf, thrownBy } from '../support/errors.ts';

const isRoot = process.geteuid?.() === 0;
const STRANGER = 4_003;
const CONFIG = 'subjects: { home: { plugin: ./plugin.mjs } }\n';

interface Place {
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly config: string;
  readonly policy: string;
  readonly plugin: string;
}

/** A folder with everything that decides what runs, and a user with an empty list of trusted paths. */
function createPlace(): Place {
  const home = temporaryDirectory();
  const folder = join(home, 'project');
  mkdirSync(folder);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    env: { XDG_CONFIG_HOME: join(home, 'config') },
    config: write('operator.config.yaml', CONFIG),
    policy: write('policy.yaml', 'rules: []\n'),
    plugin: write('plugin.mjs', 'export default 1;\n'),
  };
}

/** The codes of what is not trusted of the configuration, the policy and the plugin. */
function codesOf({ folder, env, policy }: Place): readonly (string | null)[] {
  const loaded = loadPolicy(policy, env);
  const places = { configDirectory: folder, hostUrl: import.meta.url, env };
  return [
    thrownBy(() => loadConfig({ cwd: folder, env }))?.code ?? null,
    loaded.kind === 'unreadable' && loaded.error.code !== 'POLICY_INVALID'
      ? loaded.error.code
      : null,
    thrownBy(() => resolvePlugin('./plugin.mjs', places))?.code ?? null,
  ];
}

const ALL = ['CONFIG_NOT_TRUSTED', 'POLICY_NOT_TRUSTED', 'PLUGIN_NOT_TRUSTED'];
const NONE = [null, null, null];

describe('files that decide what runs', () => {
  it('are used when this user or root alone can write them', () => {
    expect(codesOf(createPlace())).toEqual(NONE);
  });

  it.each([
    ['the folder is open to all', (place: Place) => chmodSync(place.folder, 0o777), ALL],
    [
      'the folder above is open to all',
      (place: Place) => chmodSync(dirname(place.folder), 0o777),
      ALL,
    ],
    [
      'the configuration is open to all',
      (place: Place) => chmodSync(place.config, 0o666),
      [ALL[0], null, null],
    ],
    [
      'the policy is open to all',
      (place: Place) => chmodSync(place.policy, 0o646),
      [null, ALL[1], null],
    ],
    [
      'the plugin is open to all',
      (place: Place) => chmodSync(place.plugin, 0o666),
      [null, null, ALL[2]],
    ],
  ])('are not used when %s, until that is trusted', (_how, open, expected) => {
    const place = createPlace();
    open(place);
    expect(codesOf(place)).toEqual(expected);
    trustPath(place.env, place.folder);
    expect(codesOf(place)).toEqual(NONE);
    distrustPath(place.env, place.folder);
    expect(codesOf(place)).toEqual(expected);
  });

  it.runIf(isRoot).each([
    ['the folder', (place: Place) => chownSync(place.folder, STRANGER, 0), ALL],
    ['the folder above', (place: Place) => chownSync(dirname(place.folder), STRANGER, 0), ALL],
    [
      'the configuration',
      (place: Place) => chownSync(place.config, STRANGER, 0),
      [ALL[0], null, null],
    ],
    ['the policy', (place: Place) => chownSync(place.policy, STRANGER, 0), [null, ALL[1], null]],
    ['the plugin', (place: Place) => chownSync(place.plugin, STRANGER, 0), [null, null, ALL[2]]],
  ])('are not used when another user owns %s', (_how, give, expected) => {
    const place = createPlace();
    give(place);
    expect(codesOf(place)).toEqual(expected);
  });

  it.runIf(isRoot)('say whose they are, and the command that trusts them', () => {
    const place = createPlace();
    chownSync(place.folder, STRANGER, 0);
    const error = thrownBy(() => loadConfig({ cwd: place.folder, env: place.env }));
    expect(error?.message).toContain(`${place.folder} belongs to uid:${STRANGER}`);
    expect(error?.next).toEqual([{ operation: 'trust_path', path: place.folder }]);
    expect(error?.facts).toMatchObject({ file: place.config, path: place.folder });
  });

  it.runIf(isRoot)('are not used when a group with other members may write them', () => {
    const place = createPlace();
    chmodSync(place.folder, 0o775);
    chownSync(place.folder, 0, 4_000);
    expect(codesOf(place)).toEqual(ALL);
    chownSync(place.folder, 0, 0);
    expect(codesOf(place)).toEqual(NONE);
  });

  it('are found in a folder like /tmp only when they are one’s own', () => {
    const place = createPlace();
    chmodSync(place.folder, 0o1777);
    expect(codesOf(place)).toEqual(NONE);
    if (!isRoot) return;
    chownSync(place.config, STRANGER, 0);
    expect(codesOf(place)).toEqual([ALL[0], null, null]);
  });

  it('are looked at on both sides of a link', () => {
    const place = createPlace();
    const other = temporaryDirectory();
    const link = join(other, 'link');
    symlinkSync(place.folder, link);
    const throughLink = { ...place, folder: link, policy: join(link, 'policy.yaml') };
    expect(codesOf(throughLink)).toEqual(NONE);
    chmodSync(other, 0o777);
    expect(codesOf(throughLink)).toEqual(ALL);
    expect(codesOf(place)).toEqual(NONE);
    trustPath(place.env, link);
    expect(codesOf(throughLink)).toEqual(NONE);
    chmodSync(place.folder, 0o777);
    expect(codesOf(throughLink)).toEqual(NONE);
  });

  it.runIf(isRoot)('of a package are found out where its link belongs to another', () => {
    const place = createPlace();
    const modules = join(place.folder, 'node_modules');
    const real = join(temporaryDirectory(), 'lamp');
    mkdirSync(modules);
    mkdirSync(real);
    writeFileSync(
      join(real, 'package.json'),
      '{"name":"lamp","exports":{"default":"./index.mjs"}}',
    );
    writeFileSync(join(real, 'index.mjs'), 'export default 1;\n');
    symlinkSync(real, join(modules, 'lamp'));
    const places = { configDirectory: place.folder, hostUrl: import.meta.url, env: place.env };
    expect(thrownBy(() => resolvePlugin('lamp', places))).toBeNull();
    chownSync(modules, STRANGER, 0);
    expect(thrownBy(() => resolvePlugin('lamp', places))?.code).toBe('PLUGIN_NOT_TRUSTED');
  });
});

describe('the list of trusted paths', () => {
  it('belongs to the user alone', () => {
    const { env, folder } = createPlace();
    expect(trustPath(env, folder).all).toEqual([realpathSync(folder)]);
    expect(statSync(trustFile(env)).mode & 0o777).toBe(0o600);
    expect(readTrustedPaths(env)).toEqual([realpathSync(folder)]);
    chmodSync(trustFile(env), 0o666);
    expect(readTrustedPaths(env)).toEqual([]);
  });

  it.runIf(isRoot)('of another user counts for nothing', () => {
    const { env, folder } = createPlace();
    trustPath(env, folder);
    chownSync(trustFile(env), STRANGER, 0);
    expect(readTrustedPaths(env)).toEqual([]);
  });

  it('takes no path that is not there, and says where it could not be written', () => {
    const { env, folder, policy } = createPlace();
    const missing = thrownBy(() => trustPath(env, join(folder, 'none')));
    expect(missing?.code).toBe('CONFIG_NOT_FOUND');
    const unwritable = thrownBy(() => trustPath({ XDG_CONFIG_HOME: policy }, folder));
    expect(unwritable?.code).toBe('TRUST_NOT_WRITTEN');
  });
});

it('a ledger in a folder in which every user could replace it is refused', async () => {
  const { folder } = createPlace();
  chmodSync(folder, 0o777);
  const path = join(folder, 'ledger.db');
  expect((await failureOf(openLedger({ path }))).code).toBe('LEDGER_NOT_TRUSTED');
  chmodSync(folder, 0o1777);
  await (await openLedger({ path })).close();
});
