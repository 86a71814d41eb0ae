/** What can be wrong between here and the hub's broker. */
export type HubTrouble = "unreachable" | "login-refused" | "certificate" | "not-mqtt" | "not-allowed" | "lost";

/** The connection could not be made or has ended. Never holds a password. */
export class HubError extends Error {
  override name = "HubError";
  readonly trouble: HubTrouble;
  constructor(trouble: HubTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
  /** Trying again soon helps against a bad line, not against a wrong password. */
  get passing(): boolean {
    return this.trouble === "unreachable" || this.trouble === "lost";
  }
}

/** Puts a name to what the socket, TLS or the broker said, by code, never by text. */
export function hubError(err: unknown): HubError {
  if (err instanceof HubError) return err;
  const cause = err instanceof Error ? err : new Error(String(err));
  const code = "code" in cause ? cause.code : undefined;
  const trouble = troubleOf(code);
  return new HubError(trouble, `${words[trouble]}${typeof code === "string" ? ` (${code})` : ""}`, { cause });
}

const words: Record<HubTrouble, string> = {
  unreachable: "the hub does not answer",
  "login-refused": "the hub refuses this device's name or password",
  certificate: "the hub's certificate is not trusted",
  "not-mqtt": "what answers does not speak MQTT 3.1.1",
  "not-allowed": "the hub does not let this device listen to its own topics",
  lost: "the connection to the hub ended",
};

function troubleOf(code: unknown): HubTrouble {
  // CONNACK return codes of MQTT 3.1.1, table 3.1.
  if (code === 4 || code === 5) return "login-refused";
  if (code === 1 || code === 2) return "not-mqtt";
  if (typeof code !== "string") return "unreachable";
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) return "certificate";
  return code === "EPROTO" || code.startsWith("ERR_SSL") ? "not-mqtt" : "unreachable";
}
