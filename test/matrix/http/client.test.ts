// The SDK's own methods over our transport and a real socket: what they send, and what is made of the answers.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { path, RestClient } from "../../../src/matrix/http/client.ts";
import { MatrixFault } from "../../../src/matrix/http/errors.ts";
import { Transport } from "../../../src/matrix/http/transport.ts";
import { undiciSend } from "../../../src/matrix/http/undici-send.ts";
import { alias, lobby, user } from "../../support/make.ts";
import { forbidden, limited, ScriptedServer } from "../scripted.ts";

const self = user("@tyr:example.org");
const ann = user("@ann:example.org");
const shop = alias("#shop:example.org");
const v3 = "/_matrix/client/v3";
/** All 256 bytes: no text in any encoding. */
const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

interface Received {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

let server: Server;
let way: ReturnType<typeof undiciSend>;
let client: RestClient;
let received: Received[] = [];
let answer: { status: number; type: string; body: string | Buffer };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        line: `${request.method} ${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      response.writeHead(answer.status, { "content-type": answer.type });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // A path in the address of the homeserver is kept.
  way = undiciSend(`http://127.0.0.1:${port}/hs/`, { connections: 2, answerMegabytes: 1 });
});

afterAll(async () => {
  await way.close();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  received = [];
  const transport = new Transport({
    send: way.send,
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    random: { next: () => 0.5 },
    limits: { timeoutMs: 5_000, retries: 0 },
  });
  transport.accessToken = "secret";
  client = new RestClient(transport, { self });
});

function answerWith(body: unknown, status = 200): void {
  answer = { status, type: "application/json", body: JSON.stringify(body) };
}

interface Example {
  readonly call: (client: RestClient) => Promise<unknown>;
  readonly line: string;
  readonly body?: object;
  readonly answer?: unknown;
  readonly value?: unknown;
}

/** Every method of the SDK that Tyr calls. */
const examples: Readonly<Record<string, Example>> = {
  getWhoAmI: {
    call: (sdk) => sdk.getWhoAmI(),
    line: `GET /hs${v3}/account/whoami`,
    answer: { user_id: self },
    value: { user_id: self },
  },
  joinRoom: {
    call: (sdk) => sdk.joinRoom(lobby, ["a.example", "b.example"]),
    line: `POST /hs${v3}/join/!lobby%3Aexample.org?via=a.example&via=b.example&server_name=a.example&server_name=b.example`,
    body: {},
    answer: { room_id: lobby },
    value: lobby,
  },
  leaveRoom: {
    call: (sdk) => sdk.leaveRoom(lobby),
    line: `POST /hs${v3}/rooms/!lobby%3Aexample.org/leave`,
    body: {},
  },
  getJoinedRooms: {
    call: (sdk) => sdk.getJoinedRooms(),
    line: `GET /hs${v3}/joined_rooms`,
    answer: { joined_rooms: [lobby] },
    value: [lobby],
  },
  createRoom: {
    call: (sdk) => sdk.createRoom({ name: "List", creation_content: { type: "m.policy" } }),
    line: `POST /hs${v3}/createRoom`,
    body: { name: "List", creation_content: { type: "m.policy" } },
    answer: { room_id: lobby },
    value: lobby,
  },
  sendStateEvent: {
    call: (sdk) =>
      sdk.sendStateEvent(lobby, "m.room.member", ann, {
        membership: "ban",
        "org.matrix.msc4293.redact_events": true,
      }),
    line: `PUT /hs${v3}/rooms/!lobby%3Aexample.org/state/m.room.member/%40ann%3Aexample.org`,
    body: { membership: "ban", "org.matrix.msc4293.redact_events": true },
    answer: { event_id: "$ban" },
    value: "$ban",
  },
  "sendStateEvent without a state key": {
    call: (sdk) => sdk.sendStateEvent(lobby, "m.room.server_acl", "", { allow: ["*"] }),
    line: `PUT /hs${v3}/rooms/!lobby%3Aexample.org/state/m.room.server_acl/`,
    body: { allow: ["*"] },
    answer: { event_id: "$acl" },
    value: "$acl",
  },
  getUserProfile: {
    call: (sdk) => sdk.getUserProfile(ann),
    line: `GET /hs${v3}/profile/%40ann%3Aexample.org`,
    answer: { displayname: "Ann" },
    value: { displayname: "Ann" },
  },
  getAccountData: {
    call: (sdk) => sdk.getAccountData("org.matrix.mjolnir.watched_lists"),
    line: `GET /hs${v3}/user/%40tyr%3Aexample.org/account_data/org.matrix.mjolnir.watched_lists`,
    answer: { references: [] },
    value: { references: [] },
  },
  setAccountData: {
    call: (sdk) => sdk.setAccountData("org.matrix.mjolnir.watched_lists", { references: ["#l:x"] }),
    line: `PUT /hs${v3}/user/%40tyr%3Aexample.org/account_data/org.matrix.mjolnir.watched_lists`,
    body: { references: ["#l:x"] },
  },
  createRoomAlias: {
    call: (sdk) => sdk.createRoomAlias(shop, lobby),
    line: `PUT /hs${v3}/directory/room/%23shop%3Aexample.org`,
    body: { room_id: lobby },
  },
  deleteRoomAlias: {
    call: (sdk) => sdk.deleteRoomAlias(shop),
    line: `DELETE /hs${v3}/directory/room/%23shop%3Aexample.org`,
  },
  lookupRoomAlias: {
    call: (sdk) => sdk.lookupRoomAlias(shop),
    line: `GET /hs${v3}/directory/room/%23shop%3Aexample.org`,
    answer: { room_id: lobby, servers: ["example.org"] },
    value: { roomId: lobby, residentServers: ["example.org"] },
  },
  getDirectoryVisibility: {
    call: (sdk) => sdk.getDirectoryVisibility(lobby),
    line: `GET /hs${v3}/directory/list/room/!lobby%3Aexample.org`,
    answer: { visibility: "public" },
    value: "public",
  },
  setDirectoryVisibility: {
    call: (sdk) => sdk.setDirectoryVisibility(lobby, "private"),
    line: `PUT /hs${v3}/directory/list/room/!lobby%3Aexample.org`,
    body: { visibility: "private" },
  },
  "adminApis.synapse.getUser": {
    call: (sdk) => sdk.adminApis.synapse.getUser(ann),
    line: "GET /hs/_synapse/admin/v2/users/%40ann%3Aexample.org",
    answer: { admin: false, locked: true },
    value: { admin: false, locked: true },
  },
  "adminApis.synapse.isAdmin": {
    call: (sdk) => sdk.adminApis.synapse.isAdmin(self),
    line: "GET /hs/_synapse/admin/v1/users/%40tyr%3Aexample.org/admin",
    answer: { admin: true },
    value: true,
  },
  "adminApis.synapse.getDeleteRoomState": {
    call: (sdk) => sdk.adminApis.synapse.getDeleteRoomState(lobby),
    line: "GET /hs/_synapse/admin/v2/rooms/!lobby%3Aexample.org/delete_status",
    answer: { results: [{ delete_id: "d1" }] },
    value: [{ delete_id: "d1" }],
  },
  "adminApis.synapse.makeRoomAdmin": {
    call: (sdk) => sdk.adminApis.synapse.makeRoomAdmin(lobby, ann),
    line: "POST /hs/_synapse/admin/v1/rooms/!lobby%3Aexample.org/make_room_admin",
    body: { user_id: ann },
  },
};

describe.each(Object.entries(examples))(
  "%s",
  (_name, { call, line, body, answer: given = {}, value = {} }) => {
    test("sends one request, and gives what was answered", async () => {
      answerWith(given);

      expect(await call(client)).toEqual(value);
      expect(received.map((one) => one.line)).toEqual([line]);
      expect(received[0]!.headers["authorization"]).toBe("Bearer secret");
      expect(received[0]!.headers["content-type"]).toBe(body && "application/json");
      expect(received[0]!.body.toString()).toBe(body === undefined ? "" : JSON.stringify(body));
    });

    test("rejects with the homeserver's refusal", async () => {
      answerWith({ errcode: "M_FORBIDDEN", error: "no" }, 403);

      const fault = await call(client).catch((error: unknown) => error);

      expect(fault).toBeInstanceOf(MatrixFault);
      expect(fault).toMatchObject({ status: 403, errcode: "M_FORBIDDEN", message: "no" });
    });

    test("rejects as a passing fault where a proxy answers", async () => {
      answer = { status: 502, type: "text/html", body: "<h1>Bad Gateway</h1>" };

      expect(await call(client).catch((error: unknown) => error)).toMatchObject({
        status: 502,
        isPassing: true,
      });
    });

    test("takes null for an answer without fields", async () => {
      answerWith(null);

      expect(await call(client).catch((error: unknown) => error)).not.toBeInstanceOf(Error);
    });
  },
);

describe("media", () => {
  test("is uploaded byte for byte, with its type and name", async () => {
    answerWith({ content_uri: "mxc://example.org/file" });

    expect(await client.uploadContent(bytes, "image/png", "ä b.png")).toBe("mxc://example.org/file");
    expect(received[0]!.line).toBe("POST /hs/_matrix/media/v3/upload?filename=%C3%A4+b.png");
    expect(received[0]!.headers["content-type"]).toBe("image/png");
    expect(received[0]!.headers["content-length"]).toBe("256");
    expect(received[0]!.body.equals(bytes)).toBe(true);
  });

  test("is downloaded byte for byte, with its type", async () => {
    answer = { status: 200, type: "image/png", body: bytes };

    const { data, contentType } = await client.downloadContent("mxc://example.org/file");

    expect(data.equals(bytes)).toBe(true);
    expect(contentType).toBe("image/png");
    expect(received[0]!.line).toBe(
      "GET /hs/_matrix/client/v1/media/download/example.org/file?allow_remote=true",
    );
    expect(received[0]!.headers["authorization"]).toBe("Bearer secret");
  });

  test("that is longer than what is wanted is not read to its end", async () => {
    answer = { status: 200, type: "text/plain", body: Buffer.alloc(300_000) };
    const where = "/_matrix/client/v1/media/download/a.example/b";
    const get = (mostBytes: number) =>
      client.transport.exchange("GET", where, { wantsBytes: true, mostBytes });

    await expect(get(299_999)).rejects.toMatchObject({ status: 0 });
    expect((await get(300_000)).body).toHaveLength(300_000);
  });

  test("that is text or JSON is bytes all the same", async () => {
    answerWith({ not: "parsed" });

    const { data } = await client.downloadContent("mxc://example.org/file");

    expect(data.toString()).toBe('{"not":"parsed"}');
  });

  test("that is refused is a fault like any other", async () => {
    answerWith({ errcode: "M_TOO_LARGE", error: "too large" }, 413);

    await expect(client.uploadContent(bytes, "image/png", "a.png")).rejects.toMatchObject({
      status: 413,
      errcode: "M_TOO_LARGE",
    });
    await expect(client.downloadContent("mxc://example.org/file")).rejects.toMatchObject({
      errcode: "M_TOO_LARGE",
    });
  });

  test("larger than the bound for answers is not taken in", async () => {
    answer = { status: 200, type: "image/png", body: Buffer.alloc(2 * 1024 * 1024) };

    await expect(client.downloadContent("mxc://example.org/file")).rejects.toBeInstanceOf(MatrixFault);
  });
});

describe("the manner of a client's requests", () => {
  const limits = { timeoutMs: 7, retries: 0, on429: "fail" } as const;

  test("holds for the SDK's methods, whose own time-outs are ignored", async () => {
    const hs = new ScriptedServer({ body: {} });
    const signal = new AbortController().signal;
    const quick = new RestClient(hs.transport, { self }).with({ ...limits, signal });

    await quick.uploadContent(bytes);

    expect(hs.requests[0]).toMatchObject({ timeoutMs: 7, contentType: "application/octet-stream" });
    expect(hs.requests[0]!.signal).toBe(signal);
  });

  test("is that of the config unless said", async () => {
    const hs = new ScriptedServer({ body: {} });

    await new RestClient(hs.transport, { self }).leaveRoom(lobby);

    expect(hs.requests[0]).toMatchObject({ timeoutMs: 30_000, signal: undefined });
  });

  test("is handed on where it is changed in part", async () => {
    const hs = new ScriptedServer(limited(1_000), { body: { results: [] } });
    const patient = new RestClient(hs.transport, { self, ...limits }).with({ on429: "wait" });

    await hs.fake.runUntil(patient.adminApis.synapse.getDeleteRoomState(lobby));

    expect(hs.times).toEqual([0, 1_000]);
    expect(hs.requests[1]!.timeoutMs).toBe(7);
  });

  test("unless said makes reads wait out a 429, and hands it on for writes", async () => {
    const reading = new ScriptedServer(limited(500), { body: {} });
    await reading.fake.runUntil(new RestClient(reading.transport).getJoinedRooms());
    const writing = new ScriptedServer(limited(500), { body: {} });

    await expect(new RestClient(writing.transport).leaveRoom(lobby)).rejects.toMatchObject({
      isLimited: true,
    });
    expect(reading.requests).toHaveLength(2);
    expect(writing.requests).toHaveLength(1);
  });
});

describe("who we are", () => {
  test("is known without a request", async () => {
    expect(await client.getUserId()).toBe(self);
    expect(received).toEqual([]);
  });
});

describe("endpoints that the SDK has no method for", () => {
  test.each([[null], [[]], ["text"], [5]])("an answer %j has no fields", async (body) => {
    const hs = new ScriptedServer({ body: body === "text" ? true : body });

    expect(await new RestClient(hs.transport).call("GET", "/_matrix/client/v3/capabilities")).toEqual({});
  });

  test("query and body are sent", async () => {
    answerWith({ fine: true });

    expect(
      await client.call("POST", "/x", { query: { via: ["a", "b"], since: undefined }, body: { a: 1 } }),
    ).toEqual({
      fine: true,
    });
    expect(received[0]!.line).toBe("POST /hs/x?via=a&via=b");
    expect(received[0]!.body.toString()).toBe('{"a":1}');
  });
});

describe("what we do not call of the SDK, because", () => {
  test("an event whose type is a name that every object has makes reads of events reject", async () => {
    const odd = { type: "constructor", event_id: "$e", sender: ann, content: { type: "toString" } };
    const reads = (body: unknown) => new RestClient(new ScriptedServer({ body }).transport);

    await expect(reads(odd).getRawEvent(lobby, "$e")).rejects.toThrow("not iterable");
    await expect(reads([odd]).getRoomState(lobby)).rejects.toThrow("not iterable");
    await expect(reads(odd.content).getRoomStateEvent(lobby, "m.x", "")).rejects.toThrow("not iterable");
  });

  test("an answer without its list makes them reject with what is no fault of the homeserver", async () => {
    const odd = new RestClient(new ScriptedServer({ body: {} }).transport);

    await expect(odd.getRoomState(lobby)).rejects.toBeInstanceOf(TypeError);
    await expect(odd.getAllRoomMembers(lobby)).rejects.toBeInstanceOf(TypeError);
  });

  test("messages and redactions get a new transaction id at each call", async () => {
    const hs = new ScriptedServer({ body: { event_id: "$e" } });
    const sdk = new RestClient(hs.transport);

    for (let i = 0; i < 2; i++) await sdk.sendMessage(lobby, { body: "x" });
    for (let i = 0; i < 2; i++) await sdk.redactEvent(lobby, "$e");

    expect(new Set(hs.requests.map((request) => request.path)).size).toBe(4);
  });

  test("an invite takes no reason, and a ban nothing but a reason", async () => {
    const hs = new ScriptedServer({ body: {} });
    const sdk = new RestClient(hs.transport);

    await sdk.inviteUser(ann, lobby);
    await sdk.banUser(ann, lobby, "spam");

    expect(hs.requests.map((request) => request.body)).toEqual([
      { user_id: ann },
      { user_id: ann, reason: "spam" },
    ]);
  });

  test("the room is always purged and never blocked", async () => {
    const hs = new ScriptedServer({ body: {} });

    await new RestClient(hs.transport).adminApis.synapse.deleteRoom(lobby);

    expect(hs.requests[0]!.body).toEqual({ purge: true });
  });

  test("the versions of the server are kept for two hours", async () => {
    const hs = new ScriptedServer({ body: { versions: ["v1.1"] } });
    const sdk = new RestClient(hs.transport);

    await sdk.getServerVersions();
    await sdk.getServerVersions();

    expect(hs.requests).toHaveLength(1);
  });

  test("a refusal is swallowed", async () => {
    const sdk = new RestClient(new ScriptedServer(forbidden).transport, { self });

    expect(await sdk.getSafeAccountData("m.direct", { none: true })).toEqual({ none: true });
    expect(await sdk.getPublishedAlias(lobby)).toBeNull();
  });
});

test("no id reaches into other parts of an address", () => {
  const hostile = "@a/../../admin?x=1#:evil.example";

  expect(path`/_matrix/client/v3/rooms/${"!room:x"}/state/m.room.member/${hostile}`).toBe(
    "/_matrix/client/v3/rooms/!room%3Ax/state/m.room.member/%40a%2F..%2F..%2Fadmin%3Fx%3D1%23%3Aevil.example",
  );
});

test("no stranger's invite makes the SDK do anything by itself", () => {
  expect(client.eventNames()).toEqual([]);
});
