// The engine in its worker: the same answers as in this process, and what becomes of them where the worker dies.

import { describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { systemClock } from "../../../src/kit/clock.ts";
import { EngineLost, type Engine } from "../../../src/matrix/crypto/engine.ts";
import { engineInWorker } from "../../../src/matrix/crypto/worker-client.ts";
import { aFolder } from "../../support/folder.ts";

const device = { user: "@tyr:example.org", device: "DEVICE" };

async function opened(path: string, which = device): Promise<Engine> {
  return engineInWorker(systemClock)({ ...which, store: { path } });
}

/** The library ends the process where something is encrypted of which nobody has the key. */
const deadly = { room: "!a:example.org", type: "m.room.message", content: { body: "x" } };

describe("an engine in a worker", () => {
  test("has the same keys when it is begun again on its store", async () => {
    const path = join(aFolder(), "crypto.db");
    const first = await opened(path);
    const keys = await first.ownDevice();
    await first.close();
    const second = await opened(path);

    expect(await second.ownDevice()).toEqual(keys);
    await second.close();
  });

  test("refuses the store of another device", async () => {
    const path = join(aFolder(), "crypto.db");
    await (await opened(path)).close();

    await expect(opened(path, { ...device, device: "OTHER" })).rejects.toThrow(/doesn't match/);
  });

  test("hands on what the engine rejects, and goes on", async () => {
    const engine = await opened(join(aFolder(), "crypto.db"));
    const seeds = { master: "!", selfSigning: "!", userSigning: "!" };

    await expect(engine.adoptIdentity(seeds)).rejects.not.toBeInstanceOf(EngineLost);
    expect((await engine.ownDevice()).ed25519).toMatch(/^[A-Za-z0-9+/]{43}$/);
    await engine.close();
  });

  test("that panics is begun anew with its keys, and asked no third time", async () => {
    const path = join(aFolder(), "crypto.db");
    const engine = await opened(path);
    const keys = await engine.ownDevice();

    const dying = engine.encrypt(deadly);
    const beside = engine.requests();
    await expect(dying).rejects.toThrow(/died of it twice/);
    expect((await beside).length).toBeGreaterThan(0);
    expect(await engine.ownDevice()).toEqual(keys);
    await engine.close();
  });

  test("that panics again and again is lost, and says so to whoever asks", async () => {
    const engine = await opened(":memory:");
    await expect(engine.encrypt(deadly)).rejects.toThrow(/died of it twice/);

    await expect(engine.encrypt(deadly)).rejects.toBeInstanceOf(EngineLost);
    await expect(engine.ownDevice()).rejects.toBeInstanceOf(EngineLost);
    await engine.close();
  });

  test("leaves nobody waiting who asks while it is closed", async () => {
    const engine = await opened(":memory:");
    const closing = engine.close();
    const asked = Promise.allSettled(Array.from({ length: 50 }, () => engine.requests()));

    await closing;
    expect((await asked).filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
  });

  test("answers nothing any more once it is closed", async () => {
    const engine = await opened(":memory:");
    await engine.close();

    await expect(engine.ownDevice()).rejects.toBeInstanceOf(EngineLost);
  });
});

test("a file that does not fit its hash is refused, and the engine is not the worse for it", async () => {
  const engine = await opened(":memory:");
  const keys = await engine.ownDevice();
  const { bytes, info } = await engine.encryptFile(new TextEncoder().encode("rule: a"));
  const damaged = Uint8Array.from(bytes, (byte) => byte ^ 1);

  await expect(engine.decryptFile({ bytes: damaged, info })).rejects.toThrow(/hash/i);
  await expect(engine.decryptFile({ bytes, info: {} })).rejects.not.toBeInstanceOf(EngineLost);
  expect(Buffer.from(await engine.decryptFile({ bytes, info })).toString()).toBe("rule: a");
  // In memory: a worker that had died would have others.
  expect(await engine.ownDevice()).toEqual(keys);
  await engine.close();
});

test("an id that is none to the library takes nothing else with it", async () => {
  const engine = await opened(":memory:");

  await engine.track(["@a:ex_ample.org", "@a:x.org:99999", "@ann:example.org"]);
  const wanted = (await engine.requests()).filter(({ kind }) => kind === "keys-query");

  expect(JSON.stringify(wanted)).toContain("@ann:example.org");
  expect(JSON.stringify(wanted)).not.toContain("ex_ample");
  await engine.close();
});
