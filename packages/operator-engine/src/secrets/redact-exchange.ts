import type { Exchange, HttpExchange } from '../http/http-exchange.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { redactMembers } from './redact-members.ts';
import { redactWhole } from './redact.ts';

/**
 * An exchange without secrets: by the names of members, by what texts look like, and by the secrets
 * known so far. A token that a login answers with is known from then on.
 */
export function redactExchange(exchange: Exchange, secrets: KnownSecrets): Exchange {
  if ('url' in exchange) return redactHttp(exchange, secrets);
  const { text, answer, failure } = exchange;
  const clean = (one: string): string => redactWhole(one, secrets.texts);
  const told = failure === null ? null : clean(failure);
  return { ...exchange, text: clean(text), answer: clean(answer), failure: told };
}

function redactHttp(exchange: HttpExchange, secrets: KnownSecrets): HttpExchange {
  const { url, requestBody, answer, failure } = exchange;
  const bodies = [requestBody ?? '', answer].map((body) => redactMembers(body));
  for (const text of bodies.flatMap(({ found }) => found)) secrets.add(text);
  const known = secrets.texts;
  const [sent = '', answered = ''] = bodies.map(({ text }) => redactWhole(text, known));
  return {
    ...exchange,
    url: redactWhole(url, known),
    requestBody: requestBody === null ? null : sent,
    answer: answered,
    failure: failure === null ? null : redactWhole(failure, known),
  };
}
