import { expect, it } from 'vitest';
import * as entry from '../src/index.ts';

it('exports what it means to, and nothing else', () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    'PDClient',
    'PDError',
    'PD_ERROR_CODES',
    'PROMETHEUS_ERROR_CODES',
    'PrometheusClient',
    'TIKV_ERROR_CODES',
    'TiKVSubject',
    'actions',
    'configSchema',
    'default',
    'observations',
    'refusals',
  ]);
});
