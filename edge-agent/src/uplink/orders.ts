import {
  Ack,
  type Address,
  Command,
  Desired,
  type DownStream,
  parseTopic,
  payloadLimit,
  Resend,
} from "@openkerb/contract";

/** What the hub says to this device, once it is understood. */
export type Order =
  | { readonly stream: "ack"; readonly ack: Ack }
  | { readonly stream: "resend"; readonly resend: Resend }
  | { readonly stream: "desired"; readonly desired: Desired }
  | { readonly stream: "command"; readonly command: Command };

export type NoOrder = {
  readonly stream: "none";
  readonly from: DownStream | "elsewhere";
  readonly why: "topic" | "size" | "json" | "shape";
};

/** Reads a message strictly; what is not exactly an order is said to be none, without its content. */
export function readOrder(own: Address, topic: string, payload: Buffer): Order | NoOrder {
  const place = parseTopic(topic);
  if (place?.way !== "down" || place.device !== own.device || place.city !== own.city || place.shard !== own.shard) {
    return { stream: "none", from: "elsewhere", why: "topic" };
  }
  const { stream } = place;
  if (payload.length > payloadLimit) return { stream: "none", from: stream, why: "size" };
  let content: unknown;
  try {
    content = JSON.parse(payload.toString("utf8"));
  } catch {
    return { stream: "none", from: stream, why: "json" };
  }
  const shapeless: NoOrder = { stream: "none", from: stream, why: "shape" };
  switch (stream) {
    case "ack": {
      const { data: ack } = Ack.safeParse(content);
      return ack ? { stream, ack } : shapeless;
    }
    case "resend": {
      const { data: resend } = Resend.safeParse(content);
      return resend && resend.from <= resend.to ? { stream, resend } : shapeless;
    }
    case "desired": {
      const { data: desired } = Desired.safeParse(content);
      return desired ? { stream, desired } : shapeless;
    }
    case "command": {
      const { data: command } = Command.safeParse(content);
      return command ? { stream, command } : shapeless;
    }
    default:
      return stream satisfies never;
  }
}
