import { describe, expect, it } from 'vitest';
import { WEEKDAYS } from '../../src/policy/rule-conditions.ts';
import { isWithin, toLocalTime } from '../../src/policy/time-window.ts';
import { decideBy, rule } from './support.ts';

function within(window: string, time: string): boolean {
  const rules = [rule('yes', 'allow', `{ during: ${window} }`)];
  return decideBy(rules, { now: Date.parse(time) }).kind === 'allow';
}

const WORK = '{ zone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: 09:00, to: 17:00 }';
const NIGHT = '{ zone: Europe/Berlin, days: fri, from: 22:00, to: 06:00 }';

describe('a window', () => {
  it.each([
    // 2026-11-18 is a Wednesday; Berlin is one hour ahead in winter.
    [WORK, '2026-11-18T08:00:00Z', true],
    [WORK, '2026-11-18T07:59:59.999Z', false],
    [WORK, '2026-11-18T15:59:59.999Z', true],
    [WORK, '2026-11-18T16:00:00Z', false],
    [WORK, '2026-11-21T10:00:00Z', false],
    // In summer it is two hours ahead.
    [WORK, '2026-07-15T07:00:00Z', true],
    [WORK, '2026-07-15T15:00:00Z', false],
    // It begins on Friday evening and goes on until Saturday morning.
    [NIGHT, '2026-11-20T20:59:00Z', false],
    [NIGHT, '2026-11-20T21:00:00Z', true],
    [NIGHT, '2026-11-21T04:59:00Z', true],
    [NIGHT, '2026-11-21T05:00:00Z', false],
    [NIGHT, '2026-11-20T04:00:00Z', false],
    [NIGHT, '2026-11-21T21:30:00Z', false],
    // The days are those of the zone, not of Greenwich.
    ['{ zone: Asia/Tokyo, days: thu }', '2026-11-18T15:00:00Z', true],
    ['{ zone: Asia/Tokyo, days: thu }', '2026-11-18T14:59:59Z', false],
    ['{ zone: America/Los_Angeles, days: tue }', '2026-11-18T07:59:00Z', true],
    ['{ zone: Asia/Kolkata, from: 05:30, to: 05:31 }', '2026-11-18T00:00:30Z', true],
    ['{ zone: UTC, days: sun, from: 18:00, to: 00:00 }', '2026-11-22T23:59:59Z', true],
    ['{ zone: UTC, days: sun, from: 18:00, to: 00:00 }', '2026-11-23T00:00:00Z', false],
    ['{ zone: UTC, days: sun, from: 18:00, to: "24:00" }', '2026-11-22T23:59:59Z', true],
    ['{ zone: UTC, days: sun, from: 18:00, to: 01:00 }', '2026-11-23T00:30:00Z', true],
    // One of several is enough.
    [`[${WORK}, ${NIGHT}]`, '2026-11-20T21:00:00Z', true],
  ])('%s at %s: %s', (window, time, is) => {
    expect(within(window, time)).toBe(is);
  });

  it('that one is outside of is none of them', () => {
    const outside = `{ outside: [${WORK}, ${NIGHT}] }`;
    const at = (time: string) =>
      decideBy([rule('no', 'deny', outside), rule('yes', 'allow')], { now: Date.parse(time) }).kind;
    expect(at('2026-11-18T10:00:00Z')).toBe('allow');
    expect(at('2026-11-20T21:00:00Z')).toBe('allow');
    expect(at('2026-11-18T18:00:00Z')).toBe('deny');
  });
});

describe('the days on which clocks are changed', () => {
  const window = (from: number, to: number, zone = 'Europe/Berlin') => {
    return { zone, days: [...WEEKDAYS], from: from * 60, to: to * 60 };
  };
  /** How many minutes of a day in Greenwich the clocks show a time within the window. */
  function minutes(shown: ReturnType<typeof window>, day: string): number {
    const start = Date.parse(`${day}T00:00:00Z`) - 12 * 3_600_000;
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: shown.zone });
    return Array.from({ length: 48 * 60 }, (_, index) => start + index * 60_000).filter(
      (now) => date.format(now) === day && isWithin(shown, now),
    ).length;
  }

  it.each([
    // Berlin goes from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25.
    ['2026-03-29', window(2, 3), 0],
    ['2026-03-29', window(1, 4), 120],
    ['2026-03-29', window(0, 24), 23 * 60],
    ['2026-10-25', window(2, 3), 120],
    ['2026-10-25', window(1, 4), 240],
    ['2026-10-25', window(0, 24), 25 * 60],
    ['2026-03-28', window(2, 3), 60],
    // In Beirut the hour after midnight is skipped; in Santiago too, in the southern spring.
    ['2026-03-29', window(0, 1, 'Asia/Beirut'), 0],
    ['2026-09-06', window(0, 1, 'America/Santiago'), 0],
    // Lord Howe changes by half an hour.
    ['2026-10-04', window(2, 3, 'Australia/Lord_Howe'), 30],
  ])('%s, %j: %i minutes', (day, shown, expected) => {
    expect(minutes(shown, day)).toBe(expected);
  });

  it('a window over the night ends by the clock, not after so many hours', () => {
    const night = { zone: 'Europe/Berlin', days: ['sat' as const], from: 23 * 60, to: 5 * 60 };
    const end = Date.parse('2026-03-29T03:00:00Z');
    expect(isWithin(night, end - 1)).toBe(true);
    expect(isWithin(night, end)).toBe(false);
    expect(toLocalTime(end, 'Europe/Berlin')).toEqual({ day: 'sun', minute: 300 });
  });
});
