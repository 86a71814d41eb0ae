/** The video that a camera offers, read from its SDP (RFC 4566). */
export type Offer = {
  /** Address for SETUP, absolute. */
  readonly control: string;
  /** Address for PLAY and keeping alive. */
  readonly aggregate: string;
  /** Ticks a second of its RTP timestamps. */
  readonly clock: number;
  /** The lines of the video's section that describe its coding, `m=` first: all that a decoder has to know. */
  readonly media: readonly string[];
};

/** The first video section; undefined when there is none. `base` is what relative addresses start from. */
export function videoOf(sdp: string, base: string): Offer | undefined {
  const [session = [], ...medias] = sdp
    .split(/\r?\n(?=m=)/)
    .map((section) => section.split(/\r?\n/).map((line) => line.trim()));
  const video = medias.find(([m]) => m?.startsWith("m=video "));
  if (!video) return undefined;
  const aggregate = joined(base, controlOf(session));
  const clock = Number(/^a=rtpmap:\d+ [^/]+\/(\d+)/m.exec(video.join("\n"))?.[1] ?? 90_000);
  return {
    aggregate,
    control: joined(base, controlOf(video)),
    clock: clock > 0 ? clock : 90_000,
    media: video.filter((line) => /^m=|^a=(rtpmap|fmtp|framerate|framesize|x-dimensions|cliprect):?/.test(line)),
  };
}

const controlOf = (lines: readonly string[]): string | undefined =>
  lines
    .find((line) => line.startsWith("a=control:"))
    ?.slice("a=control:".length)
    .trim();

/** RTSP's own way of joining, which is not the web's: a relative control is put behind the base whatever that ends in. */
function joined(base: string, control: string | undefined): string {
  if (control === undefined || control === "" || control === "*") return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  if (control.startsWith("/")) return `${/^rtsps?:\/\/[^/]+/i.exec(base)?.[0] ?? ""}${control}`;
  return `${base.endsWith("/") ? base : `${base}/`}${control}`;
}
