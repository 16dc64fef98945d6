import { expect, test } from 'vitest';
import { encodeOpenApiV2 } from './openapi-v2-protobuf.ts';

/** The bytes of the one field of a definition named `D` whose schema is `schema`. */
function encoded(schema: object): string {
  const document = encodeOpenApiV2({ definitions: { D: schema } }).toString('latin1');
  // swagger and info without text, then: definitions { additional_properties { name: "D", value { … } } }.
  const [, bytes = ''] = /^\n\0\x12\x04\n\0\x12\0J.\n.\n\x01D\x12.(.*)$/s.exec(document) ?? [];
  return bytes;
}

test.each([
  { name: 'a reference', schema: { $ref: '#/x' }, bytes: '\x0a\x03#/x' },
  { name: 'a type', schema: { type: 'string' }, bytes: '\xb2\x01\x08\x0a\x06string' },
  { name: 'items', schema: { items: { format: 'f' } }, bytes: '\xba\x01\x05\x0a\x03\x12\x01f' },
  { name: 'properties', schema: { properties: { a: {} } }, bytes: '\xca\x01\x07\x0a\x05\x0a\x01a\x12\x00' },
  { name: 'required fields', schema: { required: ['a', 'b'] }, bytes: '\x9a\x01\x01a\x9a\x01\x01b' },
  { name: 'values as YAML', schema: { enum: ['a', 1] }, bytes: '\xa2\x01\x05\x12\x03"a"\xa2\x01\x03\x12\x011' },
  { name: 'a length', schema: { maxLength: 300 }, bytes: '\x58\xac\x02' },
  { name: 'a limit', schema: { minimum: 1 }, bytes: '\x49\x00\x00\x00\x00\x00\x00\xf0\x3f' },
  { name: 'a boolean', schema: { uniqueItems: true }, bytes: '\x80\x01\x01' },
  { name: 'an extension', schema: { 'x-a': true }, bytes: '\xfa\x01\x0d\x0a\x03x-a\x12\x06\x12\x04true' },
  { name: 'nothing of a keyword that v2 does not have', schema: { nullable: true, format: 'f' }, bytes: '\x12\x01f' },
])('a schema is written with $name', ({ schema, bytes }) => {
  expect(encoded(schema)).toBe(bytes);
});
