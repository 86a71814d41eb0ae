import { expect, it } from "vitest";
import { heard } from "./ffmpeg-words.ts";

// Lines as Debian's ffmpeg 5.1 prints them, most of them heard from the test camera.
it.each([
  [
    "[graph 0 input from stream 0:0 @ 0x561d82327240] [verbose] w:320 h:240 pixfmt:yuv420p tb:1/1200000 fr:10/1 sar:1/1",
    { kind: "picture", picture: { width: 320, height: 240 } },
  ],
  ["[h264 @ 0x55b75594ebc0] [error] error while decoding MB 12 3, bytestream -5", { kind: "damage" }],
  ["[h264 @ 0x55b75594ebc0] [info] concealing 300 DC, 300 AC, 300 MV errors in P frame", { kind: "damage" }],
  ["[h264 @ 0x55b75594ebc0] [error] decode_slice_header error", { kind: "damage" }],
  ["[hevc @ 0x5651] [error] Could not find ref with POC 4", { kind: "damage" }],
  ["[rtsp @ 0x5584a] [warning] RTP: missed 3 packets", { kind: "damage" }],
  ["[error] Error while decoding stream #0:0: Invalid data found when processing input", { kind: "damage" }],
  ["[error] rtsp://127.0.0.1:1/x: Invalid data found when processing input", { kind: "not-video" }],
  ["[fatal] Stream map '0:v:0' matches no streams.", { kind: "not-video" }],
  ["[error] Decoder (codec none) not found for input stream #0:0", { kind: "not-video" }],
  [
    "[rtsp @ 0x55] [warning] Could not find codec parameters for stream 0 (Video: h264, none): unspecified size",
    { kind: "not-video" },
  ],
  ["[fatal] Error initializing filter 'scale' with args '0:0'", { kind: "error" }],
  ["[h264 @ 0x561d822ebf00] [verbose] Reinit context to 320x240, pix_fmt: yuv420p", undefined],
  ["[nut @ 0x55b75596f640] [warning] Non-monotonous DTS in output stream 0:0; previous: 0", undefined],
  ["[swscaler @ 0x5] [warning] deprecated pixel format used, make sure you did set range correctly", undefined],
  ["[info]   Stream #0:0: Video: h264 (High), yuv420p(progressive), 640x480 [SAR 1:1 DAR 4:3]", undefined],
  ["", undefined],
])("hears in %j what it means", (line, word) => {
  expect(heard(line)).toEqual(word);
});
