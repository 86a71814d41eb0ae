/** One server-sent event as a browser reads it; fields it does not have are absent. */
type Block = { readonly id: string | undefined; readonly event: string | undefined; readonly data: string | undefined };

/** The whole events of a text of the live stream, for tests that read it without a browser. */
export function* heardBlocks(text: string): Generator<Block> {
  for (const block of text.split("\n\n").filter(Boolean)) {
    const field = (name: string): string | undefined =>
      block
        .split("\n")
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    yield { id: field("id"), event: field("event"), data: field("data") };
  }
}
