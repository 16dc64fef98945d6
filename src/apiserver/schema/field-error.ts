import { canonicalJson } from './json.ts';

/** Why a field is wrong: the `reason` of a cause in a Status, as Kubernetes spells it. */
export type FieldErrorReason =
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

/** One thing that is wrong with an object. */
export interface FieldError {
  readonly reason: FieldErrorReason;
  /** Path such as `spec.rules[0].matches`. `<nil>` where Kubernetes knows no path. */
  readonly field: string;
  /** The offending value, shown in the message; absent where Kubernetes shows none. */
  readonly badValue?: unknown;
  readonly detail: string;
}

const TITLES: Readonly<Record<FieldErrorReason, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
};

/** Whether the value is of another type than its schema says, so that nothing can be done with it. */
export function isTypeError({ reason }: FieldError): boolean {
  return reason === 'FieldValueTypeInvalid';
}

/** A value that is wrong in itself. */
export function invalid(field: string, badValue: unknown, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field, badValue, detail };
}

/** A value that is missing. */
export function missing(field: string, detail = ''): FieldError {
  return { reason: 'FieldValueRequired', field, detail };
}

/** A value that may not be given here. */
export function forbidden(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', field, detail };
}

/** A value that must be unique and is not. */
export function duplicate(field: string, badValue: unknown): FieldError {
  return { reason: 'FieldValueDuplicate', field, badValue, detail: '' };
}

/** A value that is none of those allowed. */
export function notSupported(field: string, badValue: unknown, supported: readonly unknown[]): FieldError {
  const names = supported.map((value) => JSON.stringify(typeof value === 'string' ? value : canonicalJson(value)));
  return {
    reason: 'FieldValueNotSupported',
    field,
    badValue,
    detail: names.length > 0 ? `supported values: ${names.join(', ')}` : '',
  };
}

/** A list or map with too many members. */
export function tooMany(field: string, actual: number, maximum: number): FieldError {
  return { reason: 'FieldValueTooMany', field, badValue: actual, detail: `must have at most ${maximum} items` };
}

/** A string with too many characters. */
export function tooLong(field: string, maximum: number): FieldError {
  return { reason: 'FieldValueTooLong', field, detail: `may not be more than ${maximum} bytes` };
}

/** What is wrong, without the field: the `message` of a cause in a Status. */
export function renderFieldErrorBody({ reason, badValue, detail }: FieldError): string {
  // Kubernetes writes null in quotes.
  const shown = badValue === null ? '"null"' : canonicalJson(badValue);
  const head = badValue === undefined ? TITLES[reason] : `${TITLES[reason]}: ${shown}`;
  return detail === '' ? head : `${head}: ${detail}`;
}

/** `spec.port: Invalid value: 0: must be between 1 and 65535`. */
export function renderFieldError(error: FieldError): string {
  return `${error.field}: ${renderFieldErrorBody(error)}`;
}

/** Several errors as Kubernetes joins them in the message of a Status: repeated ones once, in brackets if more than one. */
export function renderFieldErrors(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map(renderFieldError))];
  return messages.length < 2 ? messages.join() : `[${messages.join(', ')}]`;
}

/** A cause in the `details` of a Status. */
export interface StatusCause {
  readonly reason: FieldErrorReason;
  readonly message: string;
  readonly field: string;
}

/** The causes of a Status. */
export function causesOf(errors: readonly FieldError[]): readonly StatusCause[] {
  return errors.map((error) => ({ reason: error.reason, message: renderFieldErrorBody(error), field: error.field }));
}
