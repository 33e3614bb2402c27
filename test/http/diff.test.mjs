// Differential test of the request parser: raw requests go to our server core and to a server on Node's own HTTP parser.  Both must
// take the same requests with the same bodies from a connection, or refuse at the same place.  Where ours refuses what Node takes,
// the reason stands in STRICTER.  Ours must never take what Node refuses: that is how requests are smuggled.
//
// HTTP_SERVER=path/to/http_server node --test test/http/diff.test.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import http from "node:http";
import net from "node:net";
import { after, before, test } from "node:test";
import { createInterface } from "node:readline";

const HOST = "Host: social.example\r\n";

// tag of the cases → why we refuse.
const STRICTER = {
  "content-length-twice": "equal lengths may be merged (RFC 9112, 6.3), but a proxy that keeps the other copy disagrees",
  "transfer-encoding": "only `chunked` alone; no coding of ours needs a list",
  "te-in-1.0": "HTTP/1.0 recipients may not know the coding at all (RFC 9112, 6.1)",
  "head-size": "8 KiB for a line, 100 fields",
  "host-value": "the authority is checked, not only its presence",
  "host-twice": "two Hosts are two answers to one question",
  "absolute-target": "the authority of the target must equal Host",
  "target-char": "fragments and bytes outside ASCII have no place in a request target",
  "asterisk": "`*` only with OPTIONS",
  "method": "only methods that some route knows",
  "version": "HTTP/1.0 and 1.1 only",
  "chunk-extension": "at most 256 bytes a line; no controls",
  "chunk-trailer": "trailers that would change framing or authority are refused, not ignored",
  "chunk-size": "no more than 15 digits, nothing around them",
  "expect": "an expectation we do not know is 417 (RFC 9110, 10.1.1)",
  "connect": "no tunnels here",
  "empty-lines": "one empty line before a request, not many",
  "body-limit": "the body limit of the route is known when the head is read",
  "line-end": "a line ends with CR LF",
  "space": "exactly one space between the parts of the request line",
};

const cases = [];
const add = (name, raw, tag) => cases.push({ name, raw: Buffer.from(raw, "latin1"), tag });

function request(method, target, fields, body = "") {
  return `${method} ${target} HTTP/1.1\r\n${HOST}${fields}\r\n${body}`;
}
const chunk = (s) => `${s.length.toString(16)}\r\n${s}\r\n`;
const NEXT = request("GET", "/echo?next", "");

// ---- ordinary requests, in every combination
for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
  for (const target of ["/echo", "/echo?", "/echo?a=b&c[]=%20", "/echo?~!$&'()*+,;=:@/?{}|^`\"<>\\"])
    for (const [kind, fields, body] of [
      ["none", "", ""],
      ["length", "Content-Length: 5\r\n", "hello"],
      ["length 0", "Content-Length: 0\r\n", ""],
      ["chunked", "Transfer-Encoding: chunked\r\n", chunk("hello") + chunk("x".repeat(300)) + "0\r\n\r\n"],
    ])
      add(`${method} ${target} ${kind}`, request(method, target, fields, body) + NEXT);

// ---- field lines
for (const line of ["A: b", "A:b", "A:  b  ", "A:\tb\t", "A:", "A: ", "a!#$%&'*+-.^_`|~1: b", "A: b\tc", "A: \x80\xff", "A: (b) \"c\"",
  "X-Forwarded-For: 1.2.3.4", "Cookie: a=b; c=d", "Connection: keep-alive", "Connection: foo, bar", "Accept: */*\r\nAccept: text/html"])
  add(`field ${JSON.stringify(line)}`, request("GET", "/echo", `${line}\r\n`) + NEXT);
for (const line of [" A: b", "A : b", "A\t: b", ": b", "A", "A b: c", "A(: b", "\x80: b", "A\x00: b", "A\x7f: b", "@: b", "A: b\r\n c",
  "A: b\r\n\tc", "[A]: b", "A;: b", "\"A\": b"])
  add(`bad field ${JSON.stringify(line)}`, request("GET", "/echo", `${line}\r\n`) + NEXT, "line-end");
for (const code of [0, 1, 7, 8, 11, 12, 14, 27, 31, 127])
  add(`value with ${code}`, request("GET", "/echo", `A: b${String.fromCharCode(code)}c\r\n`) + NEXT, "value-char");

// ---- line ends
add("LF only", "GET /echo HTTP/1.1\nHost: social.example\n\n" + NEXT, "line-end");
add("LF after the request line", `GET /echo HTTP/1.1\n${HOST}\r\n` + NEXT, "line-end");
add("LF after a field", "GET /echo HTTP/1.1\r\nHost: social.example\nA: b\r\n\r\n" + NEXT, "line-end");
add("LF for the empty line", `GET /echo HTTP/1.1\r\n${HOST}\n` + NEXT, "line-end");
add("CR only", "GET /echo HTTP/1.1\rHost: social.example\r\r" + NEXT, "line-end");
add("CR CR LF", `GET /echo HTTP/1.1\r\r\n${HOST}\r\n` + NEXT, "line-end");
add("CR in a value", request("GET", "/echo", "A: b\rContent-Length: 5\r\n", "hello") + NEXT, "line-end");
for (const n of [1, 2, 3]) add(`${n} empty lines before`, "\r\n".repeat(n) + NEXT, "empty-lines");
add("LF before", "\n" + NEXT, "line-end");

// ---- request line
for (const [line, tag] of [["GET  /echo HTTP/1.1", "space"], ["GET /echo  HTTP/1.1", "space"], [" GET /echo HTTP/1.1", "space"], ["GET\t/echo HTTP/1.1", "space"],
  ["GET /echo\tHTTP/1.1", "space"], ["GET /echo HTTP/1.1 ", "space"], ["GET /echo", "version"], ["GET", "version"], ["GET /echo HTTP/0.9", "version"], ["GET /echo HTTP/1.2", "version"],
  ["GET /echo HTTP/1.10", "version"], ["GET /echo HTTP/01.1", "version"], ["GET /echo HTTP/2.0", "version"], ["GET /echo http/1.1", "version"], ["GET /echo HTTP/1,1", "version"],
  ["PRI * HTTP/2.0", "version"], ["get /echo HTTP/1.1", "method"], ["BREW /echo HTTP/1.1", "method"], ["G(T /echo HTTP/1.1", "method"], ["PROPFIND /echo HTTP/1.1", "method"],
  ["TRACE /echo HTTP/1.1", "method"], ["CONNECT social.example:443 HTTP/1.1", "connect"], ["GET /echo#frag HTTP/1.1", "target-char"], ["GET /echo?\x80 HTTP/1.1", "target-char"],
  ["GET /echo?\x7f HTTP/1.1", "target-char"], ["GET /echo?\x01 HTTP/1.1", "target-char"], ["GET /echo?a b HTTP/1.1", "target-char"], ["GET echo HTTP/1.1", "target-char"],
  ["GET http://social.example/echo HTTP/1.1"], ["GET http://SOCIAL.example/echo?x HTTP/1.1"], ["GET http://other.example/echo HTTP/1.1", "absolute-target"],
  ["GET http://u@social.example/echo HTTP/1.1", "absolute-target"], ["GET ftp://social.example/echo HTTP/1.1", "absolute-target"], ["GET * HTTP/1.1", "asterisk"]])
  add(`line ${JSON.stringify(line)}`, `${line}\r\n${HOST}\r\n` + NEXT, tag);
add("HTTP/1.0", "GET /echo HTTP/1.0\r\n\r\n");
add("HTTP/1.0 with a body", "POST /echo HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello");
add("HTTP/1.0 keep-alive", "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /echo?2 HTTP/1.0\r\n\r\n");
add("Connection: close, then more", request("GET", "/echo", "Connection: close\r\n") + NEXT);

// ---- Host
add("no Host", "GET /echo HTTP/1.1\r\n\r\n" + NEXT);
add("Host twice", `GET /echo HTTP/1.1\r\n${HOST}${HOST}\r\n` + NEXT, "host-twice");
add("other Host twice", `GET /echo HTTP/1.1\r\n${HOST}Host: b.example\r\n\r\n` + NEXT, "host-twice");
for (const host of ["", "a b", "u@a", "a/b", "a:", "a:0", "a:99999", "a,b", "[::1", "[::1]x", "a:1:2", "<a>", "a\\b", "::1"])
  add(`Host: ${host}`, `GET /echo HTTP/1.1\r\nHost: ${host}\r\n\r\n` + NEXT, "host-value");
for (const host of ["a", "a:80", "[::1]", "[::1]:3000", "127.0.0.1", "a_b.example", "a."])
  add(`Host: ${host}`, `GET /echo HTTP/1.1\r\nHost: ${host}\r\n\r\n` + NEXT);

// ---- Content-Length
for (const n of ["5", "05", "000000005"]) add(`length ${n}`, request("POST", "/echo", `Content-Length: ${n}\r\n`, "hello") + NEXT);
for (const n of ["5,5", "5, 5", "+5", "-5", "0x5", "5 5", "5.", "5e0", "", "five", "18446744073709551621", "9223372036854775808", "5;", "5\x0b", "\x0b5", "٥"])
  add(`bad length ${n}`, request("POST", "/echo", `Content-Length: ${n}\r\n`, "hello") + NEXT, "content-length-twice");
add("length twice, equal", request("POST", "/echo", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello") + NEXT, "content-length-twice");
add("length twice, different", request("POST", "/echo", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello") + NEXT, "content-length-twice");
add("length too short for the body", request("POST", "/echo", "Content-Length: 3\r\n", "hello") + NEXT);
add("body not complete", request("POST", "/echo", "Content-Length: 500\r\n", "hello"));

// ---- Transfer-Encoding and smuggling
const CHUNKED = chunk("hello") + "0\r\n\r\n";
for (const te of ["chunked", "Chunked", " chunked ", "CHUNKED"]) add(`te ${te}`, request("POST", "/echo", `Transfer-Encoding:${te}\r\n`, CHUNKED) + NEXT);
for (const te of ["chunked, identity", "identity, chunked", "identity", "xchunked", "chunkedx", "chunked, chunked", "gzip, chunked", "chunked;a=b", "\"chunked\"", "chunked\x0b",
  "\x0bchunked", ",chunked", "chunked,", "", "cow", "chunked\0", "chunk", "chunked, cow"])
  add(`bad te ${JSON.stringify(te)}`, request("POST", "/echo", `Transfer-Encoding: ${te}\r\n`, CHUNKED) + NEXT, "transfer-encoding");
add("te twice", request("POST", "/echo", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", CHUNKED) + NEXT, "transfer-encoding");
add("te twice, identity first", request("POST", "/echo", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", CHUNKED) + NEXT, "transfer-encoding");
add("te, space before colon", request("POST", "/echo", "Transfer-Encoding : chunked\r\n", CHUNKED) + NEXT, "transfer-encoding");
add("te folded", request("POST", "/echo", "Transfer-Encoding:\r\n chunked\r\n", CHUNKED) + NEXT, "transfer-encoding");
add("te in 1.0", `POST /echo HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${CHUNKED}`, "te-in-1.0");
add("CL.TE", request("POST", "/echo", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG") + NEXT, "transfer-encoding");
add("TE.CL", request("POST", "/echo", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n") + NEXT, "transfer-encoding");
add("CL 0 and TE", request("POST", "/echo", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", CHUNKED) + NEXT, "transfer-encoding");
add("GET with a smuggled request as body", request("GET", "/echo", `Content-Length: ${NEXT.length}\r\n`, NEXT) + NEXT);
add("GET body without length is the next request", request("GET", "/echo", "") + "hello\r\n\r\n", "method");

// ---- chunks
for (const body of ["0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "00005\r\nhello\r\n000\r\n\r\n", "A\r\n0123456789\r\n0\r\n\r\n", "a\r\n0123456789\r\n0\r\n\r\n",
  "5;a\r\nhello\r\n0\r\n\r\n", "5;a=b;c=\"d e\"\r\nhello\r\n0;x\r\n\r\n", "5\r\nhello\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n"])
  add(`chunks ${JSON.stringify(body)}`, request("POST", "/echo", "Transfer-Encoding: chunked\r\n", body) + NEXT, body.includes(";") ? "chunk-extension" : undefined);
for (const body of ["-1\r\n", "+5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "\r\n", "g\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n",
  "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "4\r\nhello\r\n0\r\n\r\n", "10000000000000005\r\nhello\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFF5\r\nhello\r\n0\r\n\r\n", "5\rhello\r\n0\r\n\r\n", "5\r\r\nhello\r\n0\r\n\r\n",
  "0\r\n\n", "0\n\r\n", "5,5\r\nhello\r\n0\r\n\r\n", "5\t\r\nhello\r\n0\r\n\r\n", "0000000000000000005\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\nX\r\n\r\n", "5\r\nhello\r\n0\r\n A: b\r\n\r\n", "5\r\nhello\r\n0\r\nA : b\r\n\r\n"])
  add(`bad chunks ${JSON.stringify(body)}`, request("POST", "/echo", "Transfer-Encoding: chunked\r\n", body) + NEXT, "chunk-size");
for (const ext of [";\n", ";\x01", ";a\rb", `;${"x".repeat(300)}`, `;${"x".repeat(20000)}`, " ;a", "; a=b", ";a =b", ";\"a"])
  add(`extension ${JSON.stringify(ext.slice(0, 20))} ${ext.length}`, request("POST", "/echo", "Transfer-Encoding: chunked\r\n", `5${ext}\r\nhello\r\n0\r\n\r\n`) + NEXT, "chunk-extension");
for (const trailer of ["Host: b", "Content-Length: 5", "Transfer-Encoding: chunked", "Authorization: x", "Cookie: a"])
  add(`trailer ${trailer}`, request("POST", "/echo", "Transfer-Encoding: chunked\r\n", `5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`) + NEXT, "chunk-trailer");
add("chunks not complete", request("POST", "/echo", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"));
add("last chunk not complete", request("POST", "/echo", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n"));

// ---- the rest
add("expect unknown", request("POST", "/echo", "Expect: tea\r\nContent-Length: 5\r\n", "hello") + NEXT, "expect");
add("expect continue with the body", request("POST", "/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n", "hello") + NEXT);
add("200 fields", request("GET", "/echo", "A: b\r\n".repeat(200)) + NEXT, "head-size");
add("long target", request("GET", `/echo?${"a".repeat(9000)}`, "") + NEXT, "head-size");
add("long field", request("GET", "/echo", `A: ${"b".repeat(9000)}\r\n`) + NEXT, "head-size");
add("head of 20 KB", request("GET", "/echo", `A: ${"b".repeat(7000)}\r\nB: ${"b".repeat(7000)}\r\nC: ${"b".repeat(7000)}\r\n`) + NEXT, "head-size");
add("body above the limit", request("POST", "/echo", "Content-Length: 2000000\r\n", "x".repeat(2000000)), "body-limit");
add("spooled body", request("POST", "/echo", "Content-Length: 200000\r\n", "s".repeat(200000)) + NEXT);
add("TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
add("20 pipelined", Array.from({ length: 20 }, (_, i) => request("POST", `/echo?${i}`, "Content-Length: 5\r\n", `body${i % 10}`)).join(""));
add("half a head", "GET /echo HTTP/1.1\r\nHost: social.ex");
add("nothing", "");

// ---- the two servers
let ours, oursPort, oracle, oraclePort;

before(async () => {
  ours = spawn(process.env.HTTP_SERVER, ["--listen", "127.0.0.1:0", "--connections_per_ip", "10000"], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: ours.stdout })) {
    oursPort = Number(line.match(/:(\d+)$/)[1]);
    break;
  }
  // What the oracle took is noted as it takes it: its answers may be cut off by a later error on the same connection.
  oracle = http.createServer({ requireHostHeader: false }, (req, res) => {
    const parts = [];
    if (req.httpVersion === "1.1" && req.headers.host === undefined) {
      note(req.socket.remotePort, "refused");
      req.socket.destroy();
      return;
    }
    req.on("data", (d) => parts.push(d));
    req.on("end", () => {
      note(req.socket.remotePort, show(req.method, req.url, Buffer.concat(parts).toString("hex")));
      res.end();
    });
  });
  oracle.keepAliveTimeout = 30000;
  oracle.on("clientError", (e, socket) => {
    // An end in the middle is no refusal, and what comes behind `Connection: close` is not looked at.
    const harmless = ["HPE_INVALID_EOF_STATE", "HPE_CLOSED_CONNECTION", "ECONNRESET", "EPIPE"].includes(e.code);
    if (!harmless) broken.add(socket.remotePort);
    // Not at once: the events of the requests before it are still under way.
    setImmediate(() => setImmediate(() => socket.destroy()));
  });
  oracle.on("connection", (socket) => {
    const port = socket.remotePort;
    socket.on("close", () => {
      if (broken.delete(port)) note(port, "refused");
      closedPromise(port).resolve();
    });
  });
  await new Promise((done) => oracle.listen(0, "127.0.0.1", done));
  oraclePort = oracle.address().port;
});

after(() => {
  ours.kill("SIGTERM");
  oracle.closeAllConnections();
  oracle.close();
});

const show = (method, target, body) => `${method} ${target} ${body.length > 100 ? body.length : body}`;

// Of the oracle, by the client's port.
const noted = new Map(); // requests that were taken
const broken = new Set(); // connections with a parse error
const closed = new Map(); // port → promise
function later() {
  const p = {};
  p.promise = new Promise((resolve) => (p.resolve = resolve));
  return p;
}
function closedPromise(port) {
  if (!closed.has(port)) closed.set(port, later());
  return closed.get(port);
}
function note(port, what) {
  if (!noted.has(port)) noted.set(port, []);
  const list = noted.get(port);
  if (list.at(-1) !== "refused") list.push(what);
}

// Send everything, close our side, read to the end.
function converse(port, raw) {
  return new Promise((done) => {
    const parts = [];
    const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const end = () => {
      done([Buffer.concat(parts), socket.localPort ?? local]);
      socket.destroy();
    };
    let local;
    socket.setTimeout(20000, end);
    socket.on("data", (d) => parts.push(d));
    socket.on("error", end);
    socket.on("end", end);
    socket.on("connect", () => {
      local = socket.localPort;
      socket.end(raw);
    });
  });
}

// The answers as a list: what was understood, or "refused".
function outcome(bytes) {
  const list = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0) break;
    const head = bytes.toString("latin1", at, end);
    const status = Number(head.slice(9, 12));
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    const body = bytes.toString("utf8", end + 4, end + 4 + length);
    at = end + 4 + length;
    if (status === 100) continue;
    if (status !== 200) {
      list.push("refused");
      break;
    }
    const { method, target, body: content } = JSON.parse(body);
    list.push(show(method, target, content));
  }
  return list;
}

test("our parser and Node's agree, or ours is stricter for a listed reason", async (t) => {
  const used = new Set();
  const wrong = [];
  let agreed = 0;
  assert.ok(cases.length > 250);
  for (const c of cases) {
    const mine = outcome((await converse(oursPort, c.raw))[0]);
    const [, port] = await converse(oraclePort, c.raw);
    await closedPromise(port).promise;
    const theirs = noted.get(port) ?? [];
    noted.delete(port);
    closed.delete(port);
    if (JSON.stringify(mine) === JSON.stringify(theirs)) {
      agreed++;
      continue;
    }
    // Stricter: the same requests up to some point, and there ours refuses.
    const last = mine.length - 1;
    const stricter = mine[last] === "refused" && mine.slice(0, last).every((x, i) => x === theirs[i]);
    if (stricter && c.tag in STRICTER) used.add(c.tag);
    else wrong.push({ name: c.name, tag: c.tag, ours: mine, node: theirs });
  }
  t.diagnostic(`${cases.length} requests, ${agreed} agreed, ${cases.length - agreed - wrong.length} stricter by ${used.size} reasons`);
  t.diagnostic(`reasons not needed with this Node: ${Object.keys(STRICTER).filter((k) => !used.has(k)).join(", ")}`);
  assert.deepEqual(wrong, []);
});
