// Whose keys the homeserver has for our device, looked at before anything is uploaded.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { deviceState } from "../../../src/matrix/crypto/device.ts";
import { type Indexed, openIndexed } from "../../../src/store/indexed.ts";
import { Homeserver, type NewUser } from "../../homeserver/homeserver.ts";
import { recoveryFile, startIdentity } from "../../support/an-identity.ts";
import { inProcess } from "../../support/encryption/link.ts";
import { FakeClock } from "../../support/fake-clock.ts";

let homeserver: Homeserver;
let account: NewUser;
const stores: Indexed[] = [];
beforeEach(() => {
  homeserver = new Homeserver({ clock: new FakeClock() });
  account = homeserver.createUser("tyr");
});
afterEach(() => stores.splice(0).forEach((one) => one.close()));

function aStore(): Indexed {
  const made = openIndexed(":memory:");
  stores.push(made);
  return made;
}

const start = (store: Indexed, as = account) =>
  startIdentity({ homeserver, account: as, store, source: recoveryFile() });
const fingerprint = () => homeserver.devices.fingerprint(account.userId, account.deviceId);

test.each([
  [{ atHomeserver: undefined, ours: "a", wasUploaded: false }, "new"],
  [{ atHomeserver: undefined, ours: undefined, wasUploaded: false }, "new"],
  [{ atHomeserver: "a", ours: "a", wasUploaded: true }, "ours"],
  // The answer to the upload was lost.
  [{ atHomeserver: "a", ours: "a", wasUploaded: false }, "ours"],
  [{ atHomeserver: "b", ours: "a", wasUploaded: true }, "foreign"],
  [{ atHomeserver: "b", ours: "a", wasUploaded: false }, "foreign"],
  [{ atHomeserver: "b", ours: undefined, wasUploaded: false }, "foreign"],
  [{ atHomeserver: undefined, ours: "a", wasUploaded: true }, "gone"],
] as const)("%j is %s", (known, state) => {
  expect(deviceState(known)).toBe(state);
});

test("a device without keys is new, and ours from then on", async () => {
  const store = aStore();

  expect((await start(store)).state).toBe("new");
  expect((await start(store)).state).toBe("ours");
});

test("the keys of another program, or of a store that is lost, are not overwritten", async () => {
  await start(aStore());
  const before = fingerprint();
  homeserver.clearRequests();

  expect((await start(aStore())).state).toBe("foreign");
  expect(fingerprint()).toBe(before);
  expect(homeserver.requests.map(({ kind }) => kind)).toEqual(["POST keys/query"]);
});

test("keys that went with a login that was ended are gone, although the engine takes them for uploaded", async () => {
  const store = aStore();
  await start(store);
  const link = inProcess(homeserver);
  await link({ method: "POST", path: "client/v3/logout", body: {}, token: account.accessToken });
  const identifier = { type: "m.id.user", user: account.userId };
  const body = { type: "m.login.password", identifier, password: "password", device_id: account.deviceId };
  const again = (await link({ method: "POST", path: "client/v3/login", body })) as { access_token: string };

  expect((await start(store, { ...account, accessToken: again.access_token })).state).toBe("gone");
});
