declare const mark: unique symbol;

/**
 * A value that has been through redaction. The mark exists only for the compiler, and only this folder may set it:
 * what the store is given has been parsed strictly and scrubbed, or it does not compile.
 */
export type Redacted<T> = T & { readonly [mark]: true };
