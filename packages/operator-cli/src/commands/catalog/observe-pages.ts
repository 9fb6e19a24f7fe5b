import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue, ObservationDefinition, Paging } from 'operator-core';
import type { ObservationResult } from 'operator-engine';

/** Rows after which the pages end when the caller gives no limit. */
const MOST_ROWS = 1000;
/** Most pages of one command, because pages may be empty. */
const MOST_PAGES = 1000;

/** One read of an observation. */
type Read = (parameters: JsonObject) => Promise<ObservationResult>;

/** Pages as one result, and the cursor of the page after them; `null`: these are all rows. */
export interface Pages {
  readonly result: ObservationResult;
  readonly rows: number;
  readonly next: string | null;
}

/** Reads pages up to the limit of the caller, or of the command, and puts their rows together. */
export async function observePages(
  read: Read,
  { parameters: described }: Pick<ObservationDefinition, 'parameters'>,
  { parameters, pages }: { parameters: JsonObject; pages: Paging },
): Promise<Pages> {
  const given = parameters[pages.limit];
  const most = typeof given === 'number' ? given : MOST_ROWS;
  const largest = described[pages.limit]?.maximum ?? most;
  const ask = async (missing: number, cursor: JsonObject): Promise<ObservationResult> =>
    read({ ...parameters, ...cursor, [pages.limit]: Math.min(missing, largest) });
  const first = await ask(most, {});
  let page = readPage(first, pages);
  const rows = [...page.rows];
  for (let count = 1; page.next !== null && rows.length < most && count < MOST_PAGES; count += 1) {
    page = readPage(await ask(most - rows.length, { [pages.cursor]: page.next }), pages);
    rows.push(...page.rows);
  }
  const { next } = page;
  const all = { ...page.value, [pages.rows]: rows, [pages.next]: next };
  return { result: { ...first, value: all }, rows: rows.length, next };
}

interface Page {
  readonly value: JsonObject;
  readonly rows: readonly JsonValue[];
  readonly next: string | null;
}

/** The engine has checked that rows and cursor are there. */
function readPage({ value }: ObservationResult, pages: Paging): Page {
  const page = isJsonObject(value) ? value : {};
  const { [pages.rows]: rows, [pages.next]: next } = page;
  return {
    value: page,
    rows: Array.isArray(rows) ? rows : [],
    next: typeof next === 'string' ? next : null,
  };
}
