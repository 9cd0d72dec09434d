import { expect, test } from "@jest/globals";
import { readOnly } from "../../../src/matrix/http/read-only.ts";
import type { HttpRequest } from "../../../src/matrix/http/transport.ts";

async function sent(method: string, path: string) {
  const requests: HttpRequest[] = [];
  const send = readOnly((request) => {
    requests.push(request);
    return Promise.resolve({ status: 200, headers: {}, body: {} });
  });
  const request = { method, path, query: {}, headers: {}, body: {}, timeoutMs: 1, signal: undefined };
  return { status: (await send(request)).status, requests: requests.length };
}

test.each([
  ["GET", "/_matrix/client/v3/sync"],
  ["POST", "/_matrix/client/v3/login"],
  ["POST", "/_matrix/client/v3/logout"],
  ["POST", "/_matrix/client/v3/keys/query"],
])("%s %s is sent", async (method, path) => {
  expect(await sent(method, path)).toEqual({ status: 200, requests: 1 });
});

test.each([
  ["PUT", "/_matrix/client/v3/rooms/!a%3Ax/state/m.room.member/%40b%3Ax"],
  ["POST", "/_matrix/client/v3/join/!a%3Ax"],
  ["POST", "/_matrix/client/v3/logout/all"],
  ["POST", "/_matrix/client/v3/keys/upload"],
  ["POST", "/_matrix/client/v3/keys/claim"],
  ["DELETE", "/_matrix/client/v3/directory/room/%23a%3Ax"],
])("%s %s is refused and never sent", async (method, path) => {
  expect(await sent(method, path)).toEqual({ status: 403, requests: 0 });
});
