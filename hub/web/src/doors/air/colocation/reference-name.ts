import type { Colocation } from "@openkerb/contract";

/** What the sensor was compared with, by name. */
export const referenceName = ({ reference }: Colocation): string =>
  reference.kind === "table" ? reference.name : `${reference.channel.site} · ${reference.channel.sensor}`;
