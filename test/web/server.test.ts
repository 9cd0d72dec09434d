import { afterEach, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { startWeb, type Web } from "../../src/web/server.ts";
import type { Pulse } from "../../src/model/health.ts";

const pulse: Pulse = {
  isCaughtUp: false,
  quietForMs: undefined,
  isUnanswered: false,
  isLocked: false,
  isDiskInTrouble: false,
};
const warnings: string[] = [];
const log = {
  debug: () => {},
  info: () => {},
  warn: (_fields: unknown, message: string) => void warnings.push(message),
  error: () => {},
};
const open: Web[] = [];
const start = async (port = 0, more: Partial<Parameters<typeof startWeb>[0]> = {}) => {
  const web = await startWeb({
    host: "127.0.0.1",
    port,
    stuckAfterMs: 60_000,
    pulse: () => pulse,
    log,
    ...more,
  });
  open.push(web);
  return web;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((web) => web.close()));
  warnings.length = 0;
});

test("answers both probes as JSON that nobody keeps", async () => {
  const { port } = await start();

  const [healthz, readyz] = await Promise.all(
    ["healthz", "readyz?x=1"].map((name) => fetch(`http://127.0.0.1:${port}/${name}`)),
  );

  expect(healthz!.status).toBe(200);
  expect(await healthz!.json()).toEqual({ ok: true, reasons: [] });
  expect(readyz!.status).toBe(503);
  expect(await readyz!.json()).toMatchObject({ ok: false });
  expect(readyz!.headers.get("content-type")).toBe("application/json");
  expect(readyz!.headers.get("cache-control")).toBe("no-store");
});

test("answers monitoring where that is switched on, and goes on where figures cannot be read", async () => {
  const { port: off } = await start();
  const { port } = await start(0, {
    scrape: () => Promise.resolve({ text: "tyr_ready 1\n", contentType: "text/plain; version=0.0.4" }),
  });
  const { port: broken } = await start(0, { scrape: () => Promise.reject(new Error("no")) });
  const ask = (at: number | undefined, method = "GET") => fetch(`http://127.0.0.1:${at}/metrics`, { method });

  const told = await ask(port);

  expect([told.status, await told.text()]).toEqual([200, "tyr_ready 1\n"]);
  expect(told.headers.get("content-type")).toContain("version=0.0.4");
  expect((await ask(off)).status).toBe(404);
  expect((await ask(port, "POST")).status).toBe(404);
  expect((await ask(broken)).status).toBe(500);
  expect((await fetch(`http://127.0.0.1:${broken}/healthz`)).status).toBe(200);
});

test("answers nothing else", async () => {
  const { port } = await start();
  const ask = async (path: string, method = "GET") =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;

  expect(await ask("/")).toBe(404);
  expect(await ask("/constructor")).toBe(404);
  expect(await ask("/healthz", "POST")).toBe(405);
  expect(await ask("/healthz", "HEAD")).toBe(200);
});

test("takes a port that is taken as a warning, and closes all the same", async () => {
  const { port } = await start();

  const second = await start(port);

  expect(second.port).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("set web.port or web.host")]);
  await expect(second.close()).resolves.toBeUndefined();
});

test("an address that is not ours is a warning, too", async () => {
  const web = await startWeb({ host: "203.0.113.1", port: 0, stuckAfterMs: 60_000, pulse: () => pulse, log });

  expect(web.port).toBeUndefined();
  expect(warnings).toHaveLength(1);
});

test("whoever takes all places and says nothing loses them soon, and probes are answered again", async () => {
  const { port } = await start(0, { patienceMs: 50 });
  const slow = Array.from({ length: 40 }, () =>
    connect(port!, "127.0.0.1")
      .on("error", () => undefined)
      .resume(),
  );
  const gone = slow.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  for (const socket of slow) socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n");

  await Promise.all(gone);

  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

test("a request with a head larger than a probe's is refused", async () => {
  const { port } = await start();

  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { x: "x".repeat(20_000) } });

  expect(answer.status).toBe(431);
});

test("answering probes does not load Node's own fetch, which takes 2 MB and some time of every start", () => {
  const server = new URL("../../src/web/server.ts", import.meta.url).href;
  const program = `
    const { startWeb } = await import(${JSON.stringify(server)});
    const log = { info() {}, warn() {} };
    const web = await startWeb({ host: "127.0.0.1", port: 0, stuckAfterMs: 60_000, pulse: () => ({}), log });
    await web.close();
    console.log(process.moduleLoadList.filter((name) => name.includes("undici")).join());`;

  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });

  expect({ stdout, stderr }).toEqual({ stdout: "\n", stderr: "" });
});
