import { inspect } from 'node:util';

/** A certificate chain with its private key, PEM. Every rendering is `[redacted]`; only `reveal` gives the text. */
export class KeyMaterial {
  readonly #certificate: string;
  readonly #key: string;

  constructor(certificate: string, key: string) {
    this.#certificate = certificate;
    this.#key = key;
  }

  /** The PEM texts, for handing to a TLS context or to a worker. */
  reveal(): { readonly certificate: string; readonly key: string } {
    return { certificate: this.#certificate, key: this.#key };
  }

  toJSON(): string {
    return '[redacted]';
  }

  toString(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}
