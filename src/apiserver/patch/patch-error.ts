/** A patch that cannot be applied. `code` is the HTTP status: 400 if it makes no sense, 422 if it does not fit the object. */
export class PatchError extends Error {
  readonly code: 400 | 422;

  constructor(code: 400 | 422, message: string) {
    super(message);
    this.name = 'PatchError';
    this.code = code;
  }
}
