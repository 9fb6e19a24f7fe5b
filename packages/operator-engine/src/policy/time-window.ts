import { WEEKDAYS } from './rule-conditions.ts';
import type { TimeWindow, Weekday } from './rule-conditions.ts';

/** Local time in a zone. */
export interface LocalTime {
  readonly day: Weekday;
  /** Minutes since midnight. */
  readonly minute: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Local time in a zone at an instant. Throws a RangeError for an invalid zone or instant. */
export function toLocalTime(now: number, zone: string): LocalTime {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const shown = parts.get('weekday')?.toLowerCase();
  const day = WEEKDAYS.find((weekday) => weekday === shown);
  if (day === undefined) throw new RangeError(`no day of the week is known in ${zone}`);
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

/** True when an instant lies in a window, by the clocks of its zone. */
export function isWithin(window: TimeWindow, now: number): boolean {
  const { day, minute } = toLocalTime(now, window.zone);
  const { days, from, to } = window;
  if (from < to) return days.includes(day) && from <= minute && minute < to;
  const isEvening = days.includes(day) && minute >= from;
  return isEvening || (days.includes(dayBefore(day)) && minute < to);
}

function dayBefore(day: Weekday): Weekday {
  return WEEKDAYS.at(WEEKDAYS.indexOf(day) - 1) ?? day;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(timeZone, clock);
  return clock;
}
