// Many clients at once: thousands that say nothing, that dribble, that listen.  Others must not notice, and memory stays small.
//
// HTTP_SERVER=path/to/http_server node --test test/http/many.test.mjs          CLIENTS=10000 and BYTES_EACH=1024 are the defaults
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import net from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";

// Both ends need a descriptor each.
const limit = Number(execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" })) || 1024;
const CLIENTS = Math.min(Number(process.env.CLIENTS ?? 10000), limit - 200);
const BYTES_EACH = Number(process.env.BYTES_EACH ?? 1024);
const GET = "GET /small HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

async function withServer(flags, fn) {
  const child = spawn(process.env.HTTP_SERVER, ["--listen", "127.0.0.1:0", "--connections_per_ip", "100000", "--connections_max", "100000", ...flags],
    { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.on("exit", (code, signal) => done(code ?? signal)));
  let port;
  for await (const line of createInterface({ input: child.stdout })) {
    port = Number(line.match(/:(\d+)$/)[1]);
    break;
  }
  const sockets = new Set();
  const server = {
    port,
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) * 1024,
    dial() {
      return new Promise((done, fail) => {
        const s = net.connect({ port, host: "127.0.0.1" }, () => done(s));
        s.on("error", fail);
        s.on("close", () => sockets.delete(s));
        sockets.add(s);
      });
    },
    // Connect many, a few hundred at a time.
    async dialMany(n, each) {
      const all = [];
      while (all.length < n) all.push(...(await Promise.all(Array.from({ length: Math.min(250, n - all.length) }, () => server.dial()))));
      for (const s of all) each?.(s);
      return all;
    },
    async ask(text) {
      const s = await server.dial();
      const parts = [];
      s.write(text);
      for await (const d of s) parts.push(d);
      return Buffer.concat(parts).toString("latin1");
    },
    async stats() {
      return JSON.parse((await server.ask("GET /stats HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).split("\r\n\r\n")[1]);
    },
    async until(what) {
      for (;;) {
        const s = await server.stats();
        if (what(s)) return s;
      }
    },
  };
  try {
    await fn(server);
  } finally {
    for (const s of sockets) s.destroy();
    child.kill("SIGTERM");
    assert.equal(await ended, 0);
  }
}

test("idle connections cost almost nothing", { timeout: 120000 }, (t) =>
  withServer([], async (s) => {
    await s.ask(GET);
    const before = s.rss();
    // Each has had an answer, so that every buffer a connection can have has been there.
    const all = await s.dialMany(CLIENTS);
    for (let i = 0; i < all.length; i += 500)
      await Promise.all(all.slice(i, i + 500).map((c) => new Promise((done) => {
        c.once("data", done);
        c.write(GET.replace("Connection: close\r\n", ""));
      })));
    const each = Math.round((s.rss() - before) / CLIENTS);
    t.diagnostic(`${CLIENTS} idle connections, ${each} bytes each`);
    assert.ok(each < BYTES_EACH, `${each} bytes for an idle connection`);
    const begin = performance.now();
    assert.match(await s.ask(GET), /^HTTP\/1.1 200 /);
    t.diagnostic(`a request among them: ${(performance.now() - begin).toFixed(1)} ms`);
  }));

test("heads that dribble are cut at the deadline and hold up nobody", { timeout: 120000 }, (t) =>
  withServer(["--head_ms", "1500"], async (s) => {
    const n = Math.min(2000, CLIENTS);
    let open = n;
    const answers = [];
    const begin = performance.now();
    const all = await s.dialMany(n, (c) => {
      c.write("GET /small HTTP/1.1\r\nX: ");
      c.on("data", (d) => answers.push(d.toString("latin1", 0, 12)));
      c.on("error", () => {});
      c.on("close", () => open--);
    });
    const dribble = setInterval(() => all.forEach((c) => c.writable && c.write("x")), 100);
    while (open > 0) assert.match(await s.ask(GET), /^HTTP\/1.1 200 /);
    clearInterval(dribble);
    t.diagnostic(`all ${n} were cut after ${(performance.now() - begin).toFixed(0)} ms`);
    assert.ok(answers.every((a) => a === "HTTP/1.1 408"));
    await s.until((x) => x.connections <= 1);
  }));

test("an event reaches every stream", { timeout: 120000 }, (t) =>
  withServer([], async (s) => {
    await s.ask(GET);
    const before = s.rss();
    const waiting = [];
    await s.dialMany(CLIENTS, (c) => {
      let seen = "";
      waiting.push(new Promise((done) => c.on("data", (d) => {
        seen += d.toString("latin1");
        if (seen.endsWith("data: the event\n\n")) done();
      })));
      c.write("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    });
    await s.until((x) => x.streams === CLIENTS);
    const each = Math.round((s.rss() - before) / CLIENTS);
    const begin = performance.now();
    await s.ask("POST /publish HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 9\r\n\r\nthe event");
    await Promise.all(waiting);
    t.diagnostic(`${CLIENTS} streams, ${each} bytes each, the last had the event after ${(performance.now() - begin).toFixed(0)} ms`);
    assert.ok(each < BYTES_EACH, `${each} bytes for a stream`);
    assert.equal((await s.stats()).cut, 0);
  }));
