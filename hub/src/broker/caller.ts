import { isIPv6 } from "node:net";

/**
 * Who is behind an address, as far as limits are concerned: an IPv4 address, or the /64 of an IPv6 address, because
 * one line is given at least that many. An IPv4 address written in the IPv6 way is the same caller.
 */
export function callerOf(address: string | undefined): string {
  if (address === undefined) return "";
  const plain = address.replace(/%.*$/, "").toLowerCase();
  if (!isIPv6(plain)) return plain;
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = plain.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  // An IPv4 address at the end stands for two groups.
  const length = (parts: readonly string[]): number => parts.length + (parts.at(-1)?.includes(".") ? 1 : 0);
  const zeros = tail === undefined ? 0 : 8 - length(groups) - length(after);
  const all = [...groups, ...Array<string>(zeros).fill("0"), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
