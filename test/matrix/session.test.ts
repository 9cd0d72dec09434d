import { expect, test } from "@jest/globals";
import { logInByPassword, logOut, whoAmI } from "../../src/matrix/session.ts";
import { broken, revoked, ScriptedServer } from "./scripted.ts";

test("a login by password names the device and gives its access token", async () => {
  const hs = new ScriptedServer({ body: { access_token: "secret" } });

  expect(await logInByPassword(hs.transport, { user: "tyr", password: "pw" })).toBe("secret");
  expect(hs.requests[0]).toMatchObject({
    method: "POST",
    path: "/_matrix/client/v3/login",
    body: {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: "tyr" },
      password: "pw",
      initial_device_display_name: "Tyr",
    },
  });
});

test("a login by password can go on with a device", async () => {
  const hs = new ScriptedServer({ body: { access_token: "secret" } });

  await logInByPassword(hs.transport, { user: "tyr", password: "pw", device: "OURS" });

  expect(hs.requests[0]!.body).toMatchObject({ device_id: "OURS" });
});

test("whether a device outlives its token is told with the fault", async () => {
  const ranOut = { status: 401, body: { errcode: "M_UNKNOWN_TOKEN", error: "expired", soft_logout: true } };

  await expect(whoAmI(new ScriptedServer(ranOut).transport)).rejects.toMatchObject({ isSoftLogout: true });
  await expect(whoAmI(new ScriptedServer(revoked).transport)).rejects.toMatchObject({ isSoftLogout: false });
});

test.each([[{}], [null], [{ access_token: 5 }], [[]]])(
  "an answer %j to a login holds no token",
  async (body) => {
    const hs = new ScriptedServer({ body });

    expect(await logInByPassword(hs.transport, { user: "tyr", password: "pw" })).toBeUndefined();
  },
);

test("whose a token is, the homeserver is asked each time", async () => {
  const hs = new ScriptedServer({ body: { user_id: "@one:x" } }, { body: { user_id: "@two:x" } });

  expect(await whoAmI(hs.transport)).toBe("@one:x");
  expect(await whoAmI(hs.transport)).toBe("@two:x");
  expect(hs.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(2).fill("GET /_matrix/client/v3/account/whoami"),
  );
});

test.each([[{}], [null], [[]], [{ user_id: "tyr" }]])("an answer %j tells of nobody", async (body) => {
  const hs = new ScriptedServer({ body });

  expect(await whoAmI(hs.transport)).toBeUndefined();
});

test("a token that is no good is told as a fault, and retries are the caller's to choose", async () => {
  await expect(whoAmI(new ScriptedServer(revoked).transport)).rejects.toMatchObject({ isUnknownToken: true });
  const hs = new ScriptedServer(broken);
  await expect(whoAmI(hs.transport, { retries: 0 })).rejects.toMatchObject({ status: 502 });

  expect(hs.requests).toHaveLength(1);
});

test("a logout that fails stops nothing, and is not tried again", async () => {
  const hs = new ScriptedServer(broken);

  await logOut(hs.transport);

  expect(hs.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /_matrix/client/v3/logout",
  ]);
});
