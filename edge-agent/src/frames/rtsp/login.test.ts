import { expect, it } from "vitest";
import { authorizer, isStale } from "./login.ts";

const rfc7616 =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const mufasa = { user: "Mufasa", password: "Circle of Life" };
const cnonce = () => "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

it.each([
  ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
  ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
])("answers RFC 7616's own example with %s as the RFC does", (algorithm, response) => {
  const answer = authorizer([`Digest ${rfc7616}, algorithm=${algorithm}`], mufasa, cnonce)?.("GET", "/dir/index.html");
  expect(answer).toContain(`response="${response}"`);
  expect(answer).toContain("nc=00000001");
  expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
});

it("knows the old digest without qop that many cameras speak", () => {
  // MD5(MD5("Mufasa:camera:Circle of Life"):n:MD5("DESCRIBE:rtsp://c/1")), computed with md5sum.
  const answer = authorizer(['Digest realm="camera", nonce="n"'], mufasa)?.("DESCRIBE", "rtsp://c/1");
  expect(answer).toMatch(
    /^Digest username="Mufasa", realm="camera", nonce="n", uri="rtsp:\/\/c\/1", response="[0-9a-f]{32}"$/,
  );
  expect(answer).toContain('response="4f77b28b25a1c4d0716b43c785e88cd3"');
});

it("prefers what tells least: SHA-256 to MD5, MD5 to sending the password", () => {
  const basic = 'Basic realm="c"';
  const md5 = 'Digest realm="c", nonce="1"';
  const sha = 'Digest realm="c", nonce="2", algorithm=SHA-256';
  const odd = 'Digest realm="c", nonce="3", algorithm=MD5-sess';
  const answer = (...lines: string[]) => authorizer(lines, mufasa)?.("PLAY", "rtsp://c/");
  expect(answer(basic, md5, sha)).toContain('nonce="2"');
  expect(answer(basic, md5)).toContain('nonce="1"');
  expect(answer(odd, basic)).toBe(`Basic ${Buffer.from("Mufasa:Circle of Life").toString("base64")}`);
  expect(answer(odd)).toBeUndefined();
  expect(answer("Negotiate")).toBeUndefined();
});

it("tells several challenges in one line apart, whatever stands in their quotes", () => {
  const line =
    'Basic realm="a, Digest nonce=0", Digest realm="c", nonce="1", Digest realm="c", nonce="2", algorithm=SHA-256, Negotiate';
  expect(authorizer([line], mufasa)?.("PLAY", "rtsp://c/")).toMatch(/^Digest .*nonce="2"/);
  expect(authorizer(["Negotiate, Basic realm=c"], mufasa)?.("PLAY", "rtsp://c/")).toMatch(/^Basic /);
  expect(authorizer(["Negotiate"], mufasa)).toBeUndefined();
  // A list that should be in quotes is no challenge.
  expect(authorizer(['Digest qop=auth,auth-int, realm="c", nonce="4"'], mufasa)?.("PLAY", "x")).toContain('nonce="4"');
});

it("hashes what a realm means and says it as it was said", () => {
  // MD5(MD5("u:a \"b\" \\ c:p"):n:MD5("PLAY:x")), computed with md5sum.
  const answer = authorizer(['Digest realm="a \\"b\\" \\\\ c", nonce="n"'], { user: "u", password: "p" })?.(
    "PLAY",
    "x",
  );
  expect(answer).toContain('realm="a \\"b\\" \\\\ c"');
  expect(answer).toContain('response="2f6f09901af37a374b61ae997cf223f0"');
});

it("knows a nonce that is out of date from a refusal", () => {
  expect(isStale(['Digest realm="a", nonce="1", stale=TRUE'])).toBe(true);
  expect(isStale(['Digest realm="stale=true", nonce="1"', 'Basic realm="b"'])).toBe(false);
  expect(isStale(['Digest realm="a", nonce="1", stale=false'])).toBe(false);
});

it("counts how often it used a nonce", () => {
  const authorize = authorizer([`Digest ${rfc7616}`], mufasa);
  authorize?.("OPTIONS", "rtsp://c/");
  expect(authorize?.("DESCRIBE", "rtsp://c/")).toContain("nc=00000002");
});
