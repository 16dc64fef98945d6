import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSallyport } from './harness.ts';
import { CORPUS, corpusMissing, named } from './support/command.ts';

describe.skipIf(corpusMissing !== undefined)(named('the corpus as written', corpusMissing), () => {
  test('03: every class that is named can be adopted', async () => {
    const sallyport = await startSallyport();
    try {
      await sallyport.kubectlOk(['apply', '-f', join(CORPUS, '03-gatewayclasses.yaml')]);
      await sallyport.kubectlOk(['wait', '--for=condition=Accepted', 'gatewayclass', '--all', '--timeout=10s']);
      const names = await sallyport.kubectlOk(['get', 'gatewayclass', '-o', 'name']);
      expect(names.trim().split('\n')).toHaveLength(3);
    } finally {
      await sallyport.close();
    }
  });
});
