import type { SubjectPlugin } from 'operator-core';
import declared from './declared-plugin.ts';

const text = 'rules: [{ id: deny, when: { action: fold }, decision: deny, reason: Never. }]';

/** The declared plugin, with a suggestion for an action that it does not have. */
const plugin: SubjectPlugin = {
  ...declared,
  policies: [{ name: 'one-sheet', description: 'Never fold a sheet.', text }],
};

export default plugin;
