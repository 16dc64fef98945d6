import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../store/api-error.ts';
import { parseRequest } from './http-messages.ts';
import { apiInMemory, plainWrite } from './testdata/api-in-memory.ts';

const SECRET = { group: '', kind: 'Secret', namespace: 'default', name: 'a' };

function thrownBy(write: () => unknown): unknown {
  try {
    write();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('an object with fields of a wrong type is refused at the field', () => {
  test.each([
    {
      name: 'finalizers that are no list',
      body: { metadata: { name: 'a', finalizers: {} } },
      field: 'metadata.finalizers',
    },
    { name: 'a generateName that is no text', body: { metadata: { generateName: 1 } }, field: 'metadata.generateName' },
    {
      name: 'managed fields that are no list',
      body: { metadata: { name: 'a', managedFields: 1 } },
      field: 'metadata.managedFields',
    },
    { name: 'stringData that is no map', body: { metadata: { name: 'a' }, stringData: [1] }, field: 'stringData' },
  ])('$name', ({ body, field }) => {
    const { writes, target } = apiInMemory();
    const error = thrownBy(() => writes.create(target(SECRET), body, plainWrite));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 422, details: { causes: [{ field, reason: 'FieldValueTypeInvalid' }] } });
  });

  test('null counts as absent', () => {
    const { writes, target } = apiInMemory();
    const metadata = { name: 'a', labels: null, finalizers: null };
    expect(writes.create(target(SECRET), { metadata }, plainWrite).object.metadata.labels).toBeUndefined();
  });
});

describe('a body that is no JSON data is a bad request', () => {
  test.each([
    { name: 'aliases that expand without bound', text: bomb(), type: 'application/yaml' },
    { name: 'a mapping that contains itself', text: 'a: &a {b: *a}', type: 'application/apply-patch+yaml' },
    { name: 'a number that JSON does not have', text: 'a: .inf', type: 'application/yaml' },
    { name: 'endless nesting', text: `${'['.repeat(400)}${']'.repeat(400)}`, type: 'application/json' },
  ])('$name', async ({ text, type }) => {
    await expect(parseRequest(message(text, type)).readBody()).rejects.toMatchObject({ code: 400 });
  });
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`);
  return `l0: &l0 [x]\n${levels.join('\n')}`;
}

function message(text: string, type: string): IncomingMessage {
  const incoming = new IncomingMessage(new Socket());
  incoming.headers['content-type'] = type;
  incoming.push(text);
  incoming.push(null);
  return incoming;
}
