import type { HeaderFields } from '../exchange.ts';
import { equalsLower, FIRST_DROPPED, FieldKind, fieldKind } from './field-kind.ts';
import type { HeadScanner } from './head-scanner.ts';

/**
 * The fields of a head: spans of one latin1 string, with edits beside them. Rendering copies each run of kept lines as one
 * substring, in the case and order in which they came; no field becomes an object. It lives as long as its connection and
 * shows one head at a time.
 */
export class HeadFields implements HeaderFields {
  readonly #scanner: HeadScanner;
  #text = '';
  #count = 0;
  readonly #kinds: FieldKind[] = [];
  /** Names and values in turn. */
  #added: string[] = [];

  constructor(scanner: HeadScanner) {
    this.#scanner = scanner;
  }

  /** Shows the head that the scanner has just found, `text` being its bytes as latin1. */
  load(text: string): void {
    const { nameStarts, nameEnds, count } = this.#scanner;
    this.#text = text;
    this.#count = count;
    if (this.#added.length > 0) this.#added = [];
    for (let index = 0; index < count; index++) {
      this.#kinds[index] = fieldKind(text, nameStarts[index] ?? 0, nameEnds[index] ?? 0);
    }
  }

  /** How many fields came; added ones are not counted. */
  get count(): number {
    return this.#count;
  }

  /** Whether fields were added to those that came. */
  get hasAdded(): boolean {
    return this.#added.length > 0;
  }

  kind(index: number): FieldKind {
    return this.#kinds[index] ?? FieldKind.Removed;
  }

  value(index: number): string {
    return this.#text.substring(this.#scanner.valueStarts[index] ?? 0, this.#scanner.valueEnds[index] ?? 0);
  }

  /** Makes the fields of that name, in lower case, end at this connection. */
  dropNamed(lowerName: string): void {
    for (let index = 0; index < this.#count; index++) {
      if (this.#is(index, lowerName) && this.kind(index) < FIRST_DROPPED)
        this.#kinds[index] = FieldKind.NamedByConnection;
    }
  }

  /** Takes away what came of one kind. */
  dropKind(kind: FieldKind): void {
    for (let index = 0; index < this.#count; index++)
      if (this.#kinds[index] === kind) this.#kinds[index] = FieldKind.Removed;
  }

  get(lowerName: string): string | undefined {
    for (let index = 0; index < this.#count; index++) if (this.#is(index, lowerName)) return this.value(index);
    for (let index = 0; index < this.#added.length; index += 2) {
      if (isNamed(this.#added[index] ?? '', lowerName)) return this.#added[index + 1];
    }
    return undefined;
  }

  getAll(lowerName: string): readonly string[] {
    const values: string[] = [];
    for (let index = 0; index < this.#count; index++) if (this.#is(index, lowerName)) values.push(this.value(index));
    for (let index = 0; index < this.#added.length; index += 2) {
      if (isNamed(this.#added[index] ?? '', lowerName)) values.push(this.#added[index + 1] ?? '');
    }
    return values;
  }

  set(name: string, value: string): void {
    this.remove(name.toLowerCase());
    this.#added.push(name, value);
  }

  add(name: string, value: string): void {
    this.#added.push(name, value);
  }

  remove(lowerName: string): void {
    for (let index = 0; index < this.#count; index++)
      if (this.#is(index, lowerName)) this.#kinds[index] = FieldKind.Removed;
    if (this.#added.some((name, index) => index % 2 === 0 && isNamed(name, lowerName))) {
      this.#added = this.#added.filter((_, index) => !isNamed(this.#added[index - (index % 2)] ?? '', lowerName));
    }
  }

  /** The start line as it came and the lines to forward, each with its CRLF. */
  renderWithStartLine(): string {
    return this.#render(this.#scanner.startLineStart);
  }

  /** The lines to forward, each with its CRLF. */
  renderLines(): string {
    return this.#render(this.#scanner.startLineEnd + 2);
  }

  #render(from: number): string {
    const { nameStarts, headEnd } = this.#scanner;
    let lines = '';
    let runStart = from;
    for (let index = 0; index < this.#count; index++) {
      if (this.kind(index) < FIRST_DROPPED) continue;
      const dropped = nameStarts[index] ?? 0;
      if (dropped > runStart) lines += this.#text.substring(runStart, dropped);
      runStart = index + 1 < this.#count ? (nameStarts[index + 1] ?? 0) : headEnd - 2;
    }
    if (runStart < headEnd - 2) lines += this.#text.substring(runStart, headEnd - 2);
    for (let index = 0; index < this.#added.length; index += 2) {
      lines += `${this.#added[index] ?? ''}: ${this.#added[index + 1] ?? ''}\r\n`;
    }
    return lines;
  }

  #is(index: number, lowerName: string): boolean {
    const start = this.#scanner.nameStarts[index] ?? 0;
    return (
      (this.#scanner.nameEnds[index] ?? 0) - start === lowerName.length &&
      this.#kinds[index] !== FieldKind.Removed &&
      equalsLower(this.#text, start, lowerName)
    );
  }
}

function isNamed(name: string, lowerName: string): boolean {
  return name.length === lowerName.length && equalsLower(name, 0, lowerName);
}
