import { Trouble } from "@openkerb/contract";

type Place = { readonly host: string; readonly port: number };
type Words = {
  /** What would listen: the part of the hub's file that sets `host` and `port`. */
  readonly what: "page" | "broker";
  /** Who else usually holds such a port. */
  readonly holders: string;
  /** Where another port is set. */
  readonly setting: string;
};

/** Why an address could not be listened on, in words a person can act on; any other failure stays what it is. */
export function listenTrouble(error: unknown, { host, port }: Place, { what, holders, setting }: Words): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EADDRINUSE")
    return new Trouble(
      `port ${port} on ${host} is taken`,
      `end the program that holds it (perhaps ${holders}), or set ${setting} to another`,
      { cause: error },
    );
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new Trouble(
      `the ${what} cannot listen on ${host} port ${port} (${code})`,
      `check ${what}.host and ${what}.port`,
      { cause: error },
    );
  return error;
}
