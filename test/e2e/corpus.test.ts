import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startServer } from './support/server-under-test.ts';
import { CORPUS, corpusMissing, named } from './support/missing.ts';

describe.skipIf(corpusMissing !== undefined)(named('the corpus as written', corpusMissing), () => {
  test('03: every class that is named can be adopted', async () => {
    const sallyport = await startServer();
    try {
      await sallyport.serve.kubectl('apply', '-f', join(CORPUS, '03-gatewayclasses.yaml'));
      await sallyport.serve.kubectl('wait', '--for=condition=Accepted', 'gatewayclass', '--all', '--timeout=10s');
      const names = await sallyport.serve.kubectl('get', 'gatewayclass', '-o', 'name');
      expect(names.trim().split('\n')).toHaveLength(3);
    } finally {
      await sallyport.close();
    }
  });
});
