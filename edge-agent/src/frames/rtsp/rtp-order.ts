/** The RTP sequence number of a packet. */
const sequenceOf = (packet: Buffer): number => packet.readUInt16BE(2);
/** How far `b` is ahead of `a`, -32768 to 32767. */
const ahead = (a: number, b: number): number => ((b - a + 98_304) % 65_536) - 32_768;

/**
 * Puts datagrams back into order. A gap is waited for until `depth` later packets came or `patience` milliseconds went
 * by, then it is a loss. What comes after its turn is thrown away.
 */
export function rtpOrder(
  give: (packet: Buffer) => void,
  { depth = 64, patience = 100 }: { readonly depth?: number; readonly patience?: number } = {},
): { put(packet: Buffer, now: number): void; flush(now: number): void; readonly lost: number } {
  const waiting = new Map<number, { packet: Buffer; came: number }>();
  let next: number | undefined;
  let lost = 0;
  let far = 0;

  function drain(): void {
    for (;;) {
      const held = next === undefined ? undefined : waiting.get(next);
      if (!held || next === undefined) return;
      waiting.delete(next);
      next = (next + 1) % 65_536;
      give(held.packet);
    }
  }

  function skip(now: number): void {
    while (next !== undefined && waiting.size > 0) {
      const oldest = Math.min(...[...waiting.values()].map((held) => held.came));
      if (waiting.size < depth && now - oldest < patience) return;
      const from = next;
      const nearest = [...waiting.keys()].reduce((a, b) => (ahead(from, b) < ahead(from, a) ? b : a));
      lost += ahead(from, nearest);
      next = nearest;
      drain();
    }
  }

  return {
    get lost() {
      return lost;
    },
    put(packet, now) {
      if (packet.length < 12) return;
      const sequence = sequenceOf(packet);
      next ??= sequence;
      const distance = ahead(next, sequence);
      // A camera that restarted counts from anywhere; several such packets in a row are believed.
      if (Math.abs(distance) > 3000) {
        far += 1;
        if (far < 8) return;
        waiting.clear();
        next = sequence;
      } else if (distance < 0) return;
      far = 0;
      if (next === sequence) {
        next = (sequence + 1) % 65_536;
        give(packet);
        drain();
      } else waiting.set(sequence, { packet: Buffer.from(packet), came: now });
      skip(now);
    },
    flush: skip,
  };
}
