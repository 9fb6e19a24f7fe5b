import { unknownBecause } from 'operator-core';
import { expect, it } from 'vitest';
import { formatObservation } from '../../src/output/observation-view.ts';
import { createStyle } from '../../src/output/style.ts';

const look = { style: createStyle(false), width: null };
const columns = [
  { key: 'id', title: 'Store' },
  { key: 'status.size', title: 'Size', unit: 'bytes' },
  { key: 'latency', title: 'Latency', unit: 'seconds' },
] as const;

it('shows rows, units, what is missing and what is unknown, each reason once', () => {
  const noPrometheus = unknownBecause('Prometheus is not configured');
  const value = {
    stores: [
      { id: '1', status: { size: 1536 }, latency: noPrometheus },
      { id: '2', status: unknownBecause('no heartbeat'), latency: noPrometheus },
      { id: '3', status: {}, latency: 0 },
      { id: '4', status: { size: null }, latency: 0.25 },
    ],
  };
  expect(formatObservation(value, { rows: 'stores', columns }, look)).toEqual([
    'Store         Size      Latency',
    '1          1.5 KiB  unknown [1]',
    '2      unknown [2]  unknown [1]',
    '3                –         0 ms',
    '4             none       250 ms',
    '',
    '[1] Prometheus is not configured',
    '[2] no heartbeat',
  ]);
});

it('shows one thing as a list, and says when there is nothing', () => {
  expect(formatObservation({ id: 7, status: { size: 1 } }, { columns }, look)).toEqual([
    'Store    7',
    'Size     1 B',
    'Latency  –',
  ]);
  expect(formatObservation({ stores: [] }, { rows: 'stores', columns }, look)).toEqual(['none']);
});

it('shows what has no view as JSON, and never lets control characters through', () => {
  expect(formatObservation({ a: '\u001B[2J' }, undefined, look)).toEqual([
    '{',
    '  "a": "\\u001b[2J"',
    '}',
  ]);
  const evil = { columns: [{ key: 'a', title: '\u001B]0;evil\u0007' }] };
  expect(formatObservation({ a: '\u001B[2J\nb' }, evil, look)).toEqual([
    '\\u001b]0;evil\\u0007  \\u001b[2J\\nb',
  ]);
});

const list = {
  rows: 'jobs',
  complete: 'complete',
  columns: [{ key: 'id', title: 'Job' }],
} as const;

it('calls an empty list unknown when there may be more, and none when it is complete', () => {
  const complete = unknownBecause('the leader has just started');
  expect(formatObservation({ jobs: [], complete }, list, look)).toEqual([
    'unknown: the leader has just started',
  ]);
  expect(formatObservation({ jobs: [], complete: true }, list, look)).toEqual(['none']);
  expect(formatObservation({ jobs: [{ id: 'a' }], complete }, list, look)).toEqual([
    'Job',
    'a',
    '',
    'There may be more: the leader has just started',
  ]);
});

it('shows further tables under their titles, with one list of reasons', () => {
  const value = {
    jobs: [{ id: unknownBecause('not told') }],
    complete: true,
    hosts: [{ name: 'h1', load: unknownBecause('not told') }],
  };
  const hosts = [
    { key: 'name', title: 'Host' },
    { key: 'load', title: 'Load' },
  ];
  const below = [{ title: 'Hosts', rows: 'hosts', columns: hosts }];
  expect(formatObservation(value, { ...list, below }, look)).toEqual([
    'Job',
    'unknown [1]',
    '',
    'Hosts',
    'Host  Load',
    'h1    unknown [1]',
    '',
    '[1] not told',
  ]);
});
