import type { KindDefinition } from '../api/kind-definition.ts';
import type { KubeObject } from '../api/object.ts';
import { invalid, missing } from './schema/field-error.ts';
import type { FieldError } from './schema/field-error.ts';

interface NameRule {
  readonly pattern: RegExp;
  readonly maxLength: number;
  readonly message: string;
}

const subdomain: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maxLength: 253,
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
};

const label: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
};

const serviceName: NameRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
};

const keyName: NameRule = {
  pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  maxLength: 63,
  message:
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
};

const labelValue: NameRule = {
  pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  maxLength: 63,
  message:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
};

/** What is wrong with an object's metadata, in Kubernetes' words. Types are the schema's business. */
export function validateMetadata(object: KubeObject, kind: KindDefinition): readonly FieldError[] {
  const { name, labels = {}, annotations = {}, finalizers = [] } = object.metadata;
  return [
    ...(name === ''
      ? [missing('metadata.name', 'name or generateName is required')]
      : check(name, ruleFor(kind), 'metadata.name')),
    ...Object.entries(labels).flatMap(([key, value]) => [
      ...checkKey(key, 'metadata.labels'),
      ...check(String(value), labelValue, 'metadata.labels'),
    ]),
    ...Object.keys(annotations).flatMap((key) => checkKey(key.toLowerCase(), 'metadata.annotations')),
    ...finalizers.flatMap((finalizer) => checkKey(finalizer, 'metadata.finalizers')),
  ];
}

function ruleFor({ group, kind }: KindDefinition): NameRule {
  if (group !== '') return subdomain;
  if (kind === 'Namespace') return label;
  return kind === 'Service' ? serviceName : subdomain;
}

function check(value: string, rule: NameRule, field: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (value.length > rule.maxLength)
    errors.push(invalid(field, value, `must be no more than ${rule.maxLength} characters`));
  if (!rule.pattern.test(value)) errors.push(invalid(field, value, rule.message));
  return errors;
}

/** A qualified name: `name` or `prefix.example.com/name`. */
function checkKey(key: string, field: string): readonly FieldError[] {
  const [first = '', second, ...excess] = key.split('/');
  if (excess.length > 0) {
    const message = `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
    return [invalid(field, key, message)];
  }
  const [prefix, name] = second === undefined ? [undefined, first] : [first, second];
  const errors: FieldError[] = [];
  if (prefix === '') errors.push(invalid(field, key, 'prefix part must be non-empty'));
  else if (prefix !== undefined && !subdomain.pattern.test(prefix)) {
    errors.push(invalid(field, key, `prefix part ${subdomain.message}`));
  }
  if (name === '') errors.push(invalid(field, key, 'name part must be non-empty'));
  if (name.length > keyName.maxLength) errors.push(invalid(field, key, `name part must be no more than 63 characters`));
  if (!keyName.pattern.test(name)) errors.push(invalid(field, key, keyName.message));
  return errors;
}
