import fc from 'fast-check';
import { test } from 'vitest';
import { parseProtobufBody } from '../../src/apiserver/protobuf-body.ts';
import { ApiError } from '../../src/store/api-error.ts';

const timeLimitMs = Number(process.env['FUZZ_SECONDS'] ?? 10) * 1000;
const bytes = fc.uint8Array({ maxLength: 200 });

function delimited(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

test('a protobuf body is read or refused with an ApiError, whatever its bytes', () => {
  const kind = fc.constantFrom('Namespace', 'ConfigMap', 'Secret', 'Service', 'Pod');
  fc.assert(
    fc.property(bytes, kind, fc.boolean(), (content, name, isWrapped) => {
      const type = Buffer.concat([delimited(1, Buffer.from('v1')), delimited(2, Buffer.from(name))]);
      const body = isWrapped ? Buffer.concat([delimited(1, type), delimited(2, content)]) : Buffer.from(content);
      try {
        parseProtobufBody(Buffer.concat([Buffer.from('k8s\0'), body]));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    }),
    { interruptAfterTimeLimit: timeLimitMs, numRuns: Number.MAX_SAFE_INTEGER },
  );
});
