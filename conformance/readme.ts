import { parse } from 'yaml';

interface Result {
  readonly statistics: { readonly Passed: number; readonly Failed: number; readonly Skipped: number };
}

interface Report {
  readonly gatewayAPIVersion: string;
  readonly gatewayAPIChannel: string;
  readonly profiles: readonly (ProfileResult & { readonly name: string })[];
}

interface ProfileResult {
  readonly core: Result;
  readonly extended?: Result & { readonly supportedFeatures?: readonly string[] };
}

const BEGIN = '<!-- The result of "npm run conformance", which writes it. -->';
const END = '<!-- End of the result. -->';

/** The README with the result of `report`, the suite's own YAML, in the place that is marked for it. */
export function withResult(readme: string, report: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin) throw new Error('The README has no place for the result.');
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${renderResult(parse(report) as Report)}\n\n${readme.slice(end)}`;
}

function renderResult({ gatewayAPIVersion, gatewayAPIChannel, profiles }: Report): string {
  const head = [
    `Conformance suite of Gateway API ${gatewayAPIVersion}, ${gatewayAPIChannel} channel, on a real Kubernetes control plane:`,
    '',
    '| profile | core tests | extended tests | extended features |',
    '|---|---|---|---|',
  ];
  const rows = profiles.map(({ name, core, extended }) => {
    const features = extended?.supportedFeatures?.length ?? 0;
    return `| ${name} | ${passed(core)} | ${extended === undefined ? '–' : passed(extended)} | ${features} |`;
  });
  return [...head, ...rows].join('\n');
}

function passed({ statistics: { Passed, Failed, Skipped } }: Result): string {
  return `${Passed} of ${Passed + Failed + Skipped} passed`;
}
