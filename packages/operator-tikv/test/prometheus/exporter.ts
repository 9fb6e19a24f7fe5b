import { startServer } from './hostile-server.ts';
import type { TestServer } from './hostile-server.ts';

const BOUNDS = ['0.005', '0.01', '0.1', '+Inf'];

/** What a TiKV serves at its status address: the metrics that are asked for, growing with each scrape. */
export function startExporter(options: {
  /** gRPC requests between two scrapes, all of them within 5 ms to 10 ms. */
  readonly requests: number;
  /** CPU seconds between two scrapes, over two threads. */
  readonly cpuSeconds: number;
}): Promise<TestServer> {
  let scrapes = 0;
  return startServer((_request, response) => {
    scrapes += 1;
    const requests = options.requests * scrapes;
    const cpu = (options.cpuSeconds * scrapes) / 2;
    const buckets = BOUNDS.map((le) => {
      const count = le === '0.005' ? 0 : requests;
      return `tikv_grpc_msg_duration_seconds_bucket{type="kv_get",le="${le}"} ${count}`;
    });
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(
        [
          '# TYPE tikv_grpc_msg_duration_seconds histogram',
          ...buckets,
          `tikv_grpc_msg_duration_seconds_sum{type="kv_get"} ${requests * 0.007}`,
          `tikv_grpc_msg_duration_seconds_count{type="kv_get"} ${requests}`,
          '# TYPE tikv_thread_cpu_seconds_total counter',
          `tikv_thread_cpu_seconds_total{name="grpc-server-0",tid="1"} ${cpu}`,
          `tikv_thread_cpu_seconds_total{name="raftstore-1",tid="2"} ${cpu}`,
          '',
        ].join('\n'),
      );
  });
}
