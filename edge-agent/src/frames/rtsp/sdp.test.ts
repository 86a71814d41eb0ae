import { expect, it } from "vitest";
import { videoOf } from "./sdp.ts";

const session = ["v=0", "o=- 1 1 IN IP4 10.0.0.5", "s=Media", "t=0 0"];
const sound = ["m=audio 0 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=control:trackID=2"];
const video = ["m=video 0 RTP/AVP 96", "b=AS:4000", "a=rtpmap:96 H265/90000", "a=fmtp:96 sprop-vps=QAE", "a=recvonly"];
const sdp = (...lines: string[]): string => `${lines.join("\r\n")}\r\n`;

it("takes the video, wherever it stands, and nothing of the sound", () => {
  const offer = videoOf(sdp(...session, "a=control:*", ...sound, ...video, "a=control:trackID=1"), "rtsp://c/live/");
  expect(offer).toEqual({
    aggregate: "rtsp://c/live/",
    control: "rtsp://c/live/trackID=1",
    clock: 90_000,
    media: ["m=video 0 RTP/AVP 96", "a=rtpmap:96 H265/90000", "a=fmtp:96 sprop-vps=QAE"],
  });
});

it("finds no video where there is none", () => {
  expect(videoOf(sdp(...session, ...sound), "rtsp://c/")).toBeUndefined();
  expect(videoOf("", "rtsp://c/")).toBeUndefined();
  expect(videoOf("<html></html>", "rtsp://c/")).toBeUndefined();
});

it.each([
  ["rtsp://c/live", "trackID=1", "rtsp://c/live/trackID=1"],
  ["rtsp://c/live/", "trackID=1", "rtsp://c/live/trackID=1"],
  ["rtsp://c:8554/cam?channel=1&subtype=0", "trackID=0", "rtsp://c:8554/cam?channel=1&subtype=0/trackID=0"],
  ["rtsp://c/live", "rtsp://c/other/track1", "rtsp://c/other/track1"],
  ["rtsp://c:554/live", "/media/track1", "rtsp://c:554/media/track1"],
  ["rtsp://c/live", "*", "rtsp://c/live"],
])("joins %s and %s as cameras mean it", (base, control, joined) => {
  expect(videoOf(sdp(...session, ...video, `a=control:${control}`), base)?.control).toBe(joined);
});

it("bears bare line ends and a missing control", () => {
  expect(videoOf([...session, ...video].join("\n"), "rtsp://c/x")?.control).toBe("rtsp://c/x");
});
