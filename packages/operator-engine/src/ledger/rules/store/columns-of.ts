import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts';

/** The columns that a table had in the shape of a version, in their order. */
export function columnsOf(table: string, version = SCHEMA_VERSION): readonly string[] {
  const columns = new Set<string>();
  for (const step of MIGRATIONS.slice(0, version)) {
    const made = new RegExp(`CREATE TABLE ${table} \\((?<body>[^;]*)\\n  \\)`, 'u').exec(step);
    for (const line of made?.groups?.['body']?.split('\n') ?? []) {
      const name = /^ {4}(?<name>[a-z]\w*) /u.exec(line)?.groups?.['name'];
      if (name !== undefined) columns.add(name);
    }
    const changes = new RegExp(`ALTER TABLE ${table} (?<verb>ADD|DROP) COLUMN (?<name>\\w+)`, 'gu');
    for (const { groups } of step.matchAll(changes)) {
      const { verb, name = '' } = groups ?? {};
      if (verb === 'ADD') columns.add(name);
      else columns.delete(name);
    }
  }
  return [...columns];
}
