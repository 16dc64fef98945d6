import { describe, expect, test } from 'vitest';
import { createReport } from './reporter.ts';
import type { OutputLine } from './reporter.ts';

const line: OutputLine = { level: 'warning', type: 'Problem', message: 'It is\nbroken.', path: 'a.yaml' };

describe('createReport', () => {
  test.each([
    { name: 'text is one line with the level in front', format: 'text', text: 'warning: It is broken.\n' },
    {
      name: 'JSON is one object a line with all fields',
      format: 'json',
      text: '{"time":"1970-01-01T00:00:00.000Z","level":"warning","type":"Problem","message":"It is\\nbroken.","path":"a.yaml"}\n',
    },
  ] as const)('$name', ({ format, text }) => {
    const written: string[] = [];
    createReport({ format, write: (part) => void written.push(part), hasColors: false, now: () => 0 })(line);
    expect(written.join('')).toBe(text);
  });

  test('text that users wrote cannot steer the terminal', () => {
    const written: string[] = [];
    const report = createReport({
      format: 'text',
      write: (part) => void written.push(part),
      hasColors: false,
      now: () => 0,
    });
    report({ level: 'info', type: 'Condition', message: 'Gateway "a\x1b[2J\r\n" does not exist.' });
    expect(written).toEqual(['Gateway "a [2J " does not exist.\n']);
  });
});
