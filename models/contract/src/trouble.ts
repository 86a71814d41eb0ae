/**
 * Something a person can act on: what happened and where is the message, `next` is what to do about it.
 * Commands print both and no stack; anything else that is thrown is a fault of the program and shows its stack.
 */
export class Trouble extends Error {
  override name = "Trouble";
  readonly next: string | undefined;
  constructor(message: string, next?: string, options?: ErrorOptions) {
    super(message, options);
    this.next = next;
  }
}
