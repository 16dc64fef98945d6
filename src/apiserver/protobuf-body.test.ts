import { expect, test } from 'vitest';
import { parseProtobufBody } from './protobuf-body.ts';

// What `kubectl create secret generic s --from-literal=p=q` sends, field by field.
function message(...fields: readonly (readonly [number: number, content: Buffer | string])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, content]) => {
      const bytes = Buffer.from(content);
      return [Buffer.from([(number << 3) | 2, bytes.length]), bytes];
    }),
  );
}

function body(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const type = message([1, apiVersion], [2, kind]);
  return Buffer.concat([Buffer.from('k8s\0'), message([1, type], [2, raw], [3, ''], [4, ''])]);
}

test('a Secret is read with its data as base64, zero values left out', () => {
  const metadata = message([1, 's'], [2, ''], [3, 'default'], [8, ''], [11, message([1, 'team'], [2, 'red'])]);
  const raw = message([1, metadata], [2, message([1, 'p'], [2, 'q'])], [3, '']);
  expect(parseProtobufBody(body('v1', 'Secret', raw))).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'default', labels: { team: 'red' } },
    data: { p: Buffer.from('q').toString('base64') },
  });
});

test('ports of a Service may be numbers or names', () => {
  const number = Buffer.concat([Buffer.from([0x08, 0x00, 0x10, 0x90, 0x3f]), message([3, ''])]);
  const name = Buffer.concat([Buffer.from([0x08, 0x01, 0x10, 0x00]), message([3, 'http'])]);
  const port = (target: Buffer) => Buffer.concat([Buffer.from([0x18, 80]), message([4, target])]);
  const raw = message([1, message([1, 'svc'])], [2, message([1, port(number)], [1, port(name)])]);
  expect(parseProtobufBody(body('v1', 'Service', raw))).toMatchObject({
    spec: {
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 80, targetPort: 'http' },
      ],
    },
  });
});

test.each([
  { name: 'another format', bytes: Buffer.from('{}'), error: 'not a Kubernetes protobuf message' },
  { name: 'a kind that is not read', bytes: body('v1', 'Binding', Buffer.alloc(0)), error: 'unknown format' },
  { name: 'a message cut short', bytes: body('v1', 'Secret', Buffer.from([0x0a, 9])), error: 'ends too early' },
])('$name is refused', ({ bytes, error }) => {
  expect(() => parseProtobufBody(bytes)).toThrow(error);
});
