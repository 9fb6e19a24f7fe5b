import * as z from 'zod/mini';
import type {
  Capture,
  HttpRequest,
  PlannedRequest,
  StatementRequest,
} from '../contract/planned-request.ts';
import { isJsonObject, isJsonValue } from '../json/json.ts';
import type { JsonValue } from '../json/json.ts';
import { isPattern } from '../json/is-pattern.ts';
import { isSnakeCase } from '../json/snake-case.ts';
import { isOrigin } from '../json/origin.ts';

const LONGEST_MS = 86_400_000;
const TWINS = 'names a server twice';

const text = () => z.string().check(z.minLength(1));
const server = () => z.string().check(z.regex(/^\S+$/u, 'must be a name without white space'));
const origin = () => z.string().check(z.refine(isOrigin, 'must be an origin: http://host:port'));

const capture = (): z.ZodMiniType<Capture> =>
  z.strictObject({
    name: z.string().check(z.refine(isSnakeCase, 'must be snake_case')),
    at: z.string().check(z.regex(/^(\/([^~]|~[01])*)?$/u, 'must be a JSON Pointer')),
    pattern: z.string().check(z.minLength(1), z.refine(isPattern, 'is no regular expression')),
  });

const shared = () => ({
  purpose: text(),
  timeoutMs: z.exactOptional(z.int().check(z.minimum(1), z.maximum(LONGEST_MS))),
  captures: z.exactOptional(z.array(capture()).check(z.minLength(1))),
});

const httpRequest = (): z.ZodMiniType<HttpRequest> =>
  z
    .strictObject({
      ...shared(),
      protocol: z.exactOptional(z.literal('http')),
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      // One origin-less path: `//host/x` would name another server.
      path: z
        .string()
        .check(z.regex(/^\/(?!\/)[\u0021-\u007e]*$/u, 'must be a path on the system itself')),
      body: z.nullable(z.string()),
      encoding: z.exactOptional(z.literal('base64')),
      target: z.exactOptional(targetOf(origin())),
    })
    .check(z.refine(hasSoundBody, { message: 'is not Base64', path: ['body'] }));

const statementRequest = (): z.ZodMiniType<StatementRequest> =>
  z.strictObject({
    ...shared(),
    protocol: z.string().check(
      z.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u, 'must be kebab-case'),
      z.refine((name) => name !== 'http', 'is `http`, which has no statement'),
    ),
    statement: z.custom<JsonValue>(isJsonValue, 'must be plain JSON'),
    text: text(),
    target: z.exactOptional(targetOf(server())),
  });

/** Schema of one planned request. Its issues are those of the kind that the request is. */
export function createRequestSchema(): z.ZodMiniType<PlannedRequest> {
  const [http, statement] = [httpRequest(), statementRequest()];
  return z.custom<PlannedRequest>().check((given) => {
    const isStatement = isJsonObject(given.value) && 'statement' in given.value;
    const { error } = (isStatement ? statement : http).safeParse(given.value);
    for (const { path, message } of error?.issues ?? []) {
      given.issues.push({ code: 'custom', path: [...path], message, input: given.value });
    }
  });
}

function targetOf(one: z.ZodMiniType<string>): z.ZodMiniType<string[]> {
  return z.array(one).check(
    z.minLength(1),
    z.refine((list) => new Set(list).size === list.length, TWINS),
  );
}

function hasSoundBody({ body, encoding }: HttpRequest): boolean {
  if (encoding === undefined || body === null) return true;
  return body.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(body);
}
