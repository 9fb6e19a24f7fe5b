import { definePlugin } from 'operator-core';
import { toContractAction } from '../../../src/actions/define-change.ts';
import { changes } from '../../../src/actions/index.ts';
import { connect } from '../../../src/connect.ts';
import plugin from '../../../src/index.ts';
import type { configSchema, TiKVSubject } from '../../../src/index.ts';
import { splitRegion } from './split-region.ts';

const { contract: _contract, ...spec } = plugin;
const all = [...changes, splitRegion];

/** The plugin with one action more in its list: what is true of it is true of any action that is added. */
export default definePlugin<typeof configSchema, TiKVSubject>({
  ...spec,
  actions: all.map(toContractAction),
  connect: (config, host) => connect(config, host, all),
});
