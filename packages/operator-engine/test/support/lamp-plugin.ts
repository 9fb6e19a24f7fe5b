import { definePlugin, forSubject, OperatorError, unknownBecause } from 'operator-core';
import { z } from 'zod';
import {
  breakLamp,
  lockedLamp,
  switchLamp,
  switchSeveral,
  switchTogether,
} from './lamp-actions.ts';
import { forgetLater, holdLamp, releaseLamp, switchLater } from './lamp-standing.ts';
import { hangForever, LampSubject } from './lamp-subject.ts';

const { defineObservation } = forSubject<LampSubject>();

const lamp = defineObservation({
  name: 'lamp',
  description: 'One lamp',
  parameters: z.strictObject({ lamp_id: z.int().describe('Number of the lamp') }),
  view: {
    columns: [
      { key: 'on', title: 'On' },
      { key: 'watts', title: 'Watts' },
    ],
  },
  async read({ parameters, subject, signal }) {
    if (subject.mischief.has('read_is_junk')) return { at: new Date() };
    if (subject.mischief.has('read_is_foreign')) return { brightness: 7 };
    if (subject.mischief.has('read_throws')) throw new Error('too dark to read');
    if (subject.mischief.has('read_hangs')) await hangForever();
    if (subject.mischief.has('read_writes')) {
      const planned = { purpose: '', method: 'DELETE', path: '/lamps/1', body: null } as const;
      await subject.send(planned, { callerId: 'me' }).catch(() => undefined);
    }
    const unread = { on: null, watts: unknownBecause('the lamp has no meter') };
    return { ...unread, ...(await subject.readLamp(parameters.lamp_id, signal)) };
  },
});

const lamps = defineObservation({
  name: 'lamps',
  description: 'One lamp, looked at many times at once',
  parameters: z.strictObject({ times: z.int().describe('How many times') }),
  async read({ parameters, subject, signal }) {
    const times = Array.from({ length: parameters.times });
    return Promise.all(times.map(async () => subject.readLamp(1, signal)));
  },
});

/** A plugin for the lamp server, with the faults that its configuration names. */
export default definePlugin({
  name: 'lamps',
  description: 'A house full of lamps',
  config: z.strictObject({
    urls: z.array(z.url()).min(1),
    mischief: z.array(z.string()).default([]),
    password: z.string().optional(),
  }),
  refusals: { LAMP_UNKNOWN: 'There is no such lamp.', LAMP_LOCKED: 'The lamp is locked.' },
  observations: [lamp, lamps],
  actions: [
    switchLamp,
    switchSeveral,
    switchTogether,
    breakLamp,
    lockedLamp,
    holdLamp,
    releaseLamp,
    switchLater,
    forgetLater,
  ],
  reads: [{ method: 'POST', path: '/search' }],
  async connect({ urls, mischief, password }, host) {
    const names = new Set(mischief);
    if (names.has('connect_throws')) throw new Error('wrong street');
    if (names.has('connect_hangs')) await hangForever();
    if (names.has('connect_gives_junk')) return { close: async () => undefined } as LampSubject;
    if (names.has('connect_refuses')) {
      throw new OperatorError({
        code: 'LAMPS_CERTIFICATE',
        kind: 'config',
        message: 'No.',
        remedy: 'Ask.',
      });
    }
    const headers = password === undefined ? null : { authorization: password };
    const http = headers === null ? {} : { origins: urls.map(toOrigin), headers };
    const subject = new LampSubject(urls, host.openHttp(http), names);
    // Lets the server count connections of the plugin.
    if (names.has('connect_greets')) await subject.read('/hello').catch(() => undefined);
    if (names.has('connect_writes')) {
      const planned = { purpose: '', method: 'POST', path: '/lamps/1', body: '{}' } as const;
      await subject.send(planned, { callerId: 'me' }).catch(() => undefined);
    }
    if (names.has('connect_reads_file')) await host.readFile('no-such.pem');
    return subject;
  },
});

function toOrigin(url: string): string {
  return new URL(url).origin;
}
