import { createDocument, toRunDocument } from 'operator-engine';
import { DOCUMENT_FORMATS, documentIssues, documentSchema } from 'operator-engine/documents';
import { describe, expect, it } from 'vitest';
import { drain } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

describe('the document of a run', () => {
  it('is plain JSON that meets its schema', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan));
    const document = toRunDocument(result);
    expect(document).toMatchObject({ format: 'operator.run/1', state: 'succeeded', next: [] });
    const sent = JSON.parse(JSON.stringify(document)) as object;
    expect(documentIssues(sent)).toEqual([]);
    expect(documentIssues({ ...sent, state: 'fine' })).toEqual([
      expect.stringMatching(/^state: /u),
    ]);
    expect(documentIssues({ ...sent, mood: 'good' })).toHaveLength(1);
  });

  it('names the operation that continues a run which is under way', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan, { wait: false }));
    expect(toRunDocument(result).next).toEqual([{ operation: 'watch_run', run: result.runId }]);
  });
});

describe('the JSON Schema of a document', () => {
  it.each(DOCUMENT_FORMATS)('is one of objects that name their format: %s', (format) => {
    const schema = documentSchema(format);
    const kinds = (schema['oneOf'] ?? [schema]) as readonly object[];
    for (const kind of kinds) {
      expect(kind).toMatchObject({
        type: 'object',
        properties: { format: { const: format } },
        required: expect.arrayContaining(['format']),
        additionalProperties: false,
      });
    }
  });

  it('has every member with its type', () => {
    expect(documentSchema('operator.ledger_prune/1')).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        format: { type: 'string', const: 'operator.ledger_prune/1' },
        runs: expect.objectContaining({ type: 'integer' }),
        entries: expect.objectContaining({ type: 'integer' }),
        through: expect.objectContaining({ type: 'integer' }),
      },
      required: ['format', 'runs', 'entries', 'through'],
      additionalProperties: false,
    });
  });
});

it('no document has another format than it says', () => {
  const document = createDocument('operator.version/1', { version: '1.0.0' });
  expect(documentIssues(document)).toEqual([]);
  expect(documentIssues({ ...document, format: 'operator.versions/1' })).toEqual([
    'there is no document operator.versions/1',
  ]);
});
