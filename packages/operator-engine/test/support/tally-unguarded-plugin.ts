import { definePlugin } from 'operator-core';
import { tallySpec } from './tally-plugin.ts';

/** The same plugin, which says that the host cannot see what it sends. */
export default definePlugin({ ...tallySpec, guard: 'none' });
