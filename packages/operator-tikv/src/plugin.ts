import { definePlugin } from 'operator-core';
import { actions } from './actions/index.ts';
import { refusals } from './actions/checks/refusals.ts';
import { configSchema } from './config.ts';
import { connect } from './connect.ts';
import { observations } from './observations/index.ts';
import type { TiKVSubject } from './tikv-subject.ts';

/** Teaches Operator to observe and change TiKV clusters through PD. */
export default definePlugin<typeof configSchema, TiKVSubject>({
  name: 'tikv',
  description: 'Observes and changes TiKV clusters through PD.',
  config: configSchema,
  refusals,
  observations,
  actions,
  connect,
});
