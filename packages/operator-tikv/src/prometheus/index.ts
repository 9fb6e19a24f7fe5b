export type { PrometheusCredentials } from './authorization.ts';
export { PrometheusClient } from './prometheus-client.ts';
export type { PrometheusClientOptions } from './prometheus-client.ts';
export { PROMETHEUS_ERROR_CODES } from './prometheus-errors.ts';
export type { PrometheusErrorCode } from './prometheus-errors.ts';
export type { QueryAnswer, Sample } from './query-answer.ts';
export { readStoreSeries } from './store-series.ts';
export type { AllStoreSeries } from './store-series.ts';
