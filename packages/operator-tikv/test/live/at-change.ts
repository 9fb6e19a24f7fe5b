import type { PassingRequest, Stage, Verdict } from '../gate/pd-proxy.ts';
import type { Site } from '../gate/site.ts';

/** Where a request stands when something else happens. */
export interface Moment {
  readonly at: Stage;
  readonly method?: 'POST' | 'DELETE';
}

/**
 * Lets something happen, once, while the next change stands at a point of its way to PD or back, and holds
 * the change meanwhile. `verdict`: what becomes of it then; it passes unless said otherwise.
 */
export function atNextChange(
  { proxy }: Site,
  { at, method }: Moment,
  act: (passing: PassingRequest) => Promise<Verdict | void>,
): void {
  const { toll } = proxy;
  proxy.toll = async (passing, stage) => {
    const isIt = passing.isChange && (method === undefined || passing.method === method);
    if (!isIt || stage !== at) return toll(passing, stage);
    proxy.toll = toll;
    return (await act(passing)) ?? 'pass';
  };
}
