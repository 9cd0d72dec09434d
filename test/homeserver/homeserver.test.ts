import { beforeEach, describe, expect, test } from "@jest/globals";
import { FakeClock } from "../support/fake-clock.ts";
import { Homeserver, type HomeserverOptions } from "./homeserver.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // The tests know the shape of each answer; spelling all of them out would hide the claims.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

let clock: FakeClock;
let homeserver: Homeserver;
let bot: { userId: string; accessToken: string };
let alice: { userId: string; accessToken: string };

const mallory = "@mallory:evil.test";

beforeEach(() => begin());

function begin(options: Partial<HomeserverOptions> = {}): void {
  clock = new FakeClock();
  homeserver = new Homeserver({ clock, ...options });
  bot = homeserver.createUser("tyr", { admin: true });
  alice = homeserver.createUser("alice");
}

interface Extra {
  readonly body?: unknown;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

function start(method: string, target: string, extra: Extra = {}): Promise<Answer> {
  const [path = "", search = ""] = target.split("?");
  return homeserver.handle({
    method,
    path,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: { authorization: `Bearer ${extra.token ?? bot.accessToken}` },
    body: extra.body,
    ...(extra.signal === undefined ? {} : { signal: extra.signal }),
  });
}

function request(method: string, target: string, extra: Extra = {}): Promise<Answer> {
  return clock.runUntil(start(method, target, extra), { what: `${method} ${target}` });
}

async function sync(since?: string, filter?: unknown, more = ""): Promise<Answer["body"]> {
  const from = since === undefined ? "" : `&since=${since}`;
  const wanted = filter === undefined ? "" : `&filter=${encodeURIComponent(JSON.stringify(filter))}`;
  return (await request("GET", `/_matrix/client/v3/sync?timeout=0${from}${wanted}${more}`)).body;
}

function room(roomId: string): string {
  return `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`;
}

function publicRoom(version = "11"): string {
  const roomId = homeserver.createRoom({ creator: bot.userId, joinRule: "public", version });
  homeserver.join(roomId, alice.userId);
  homeserver.join(roomId, mallory);
  return roomId;
}

function texts(events: { content: { body?: string } }[]): (string | undefined)[] {
  return events.map((event) => event.content.body).filter((body) => body !== undefined);
}

describe("access", () => {
  test("asks for a known token", async () => {
    const unknown = await request("GET", "/_matrix/client/v3/account/whoami", { token: "nope" });
    homeserver.revokeToken(bot.accessToken);
    const revoked = await request("GET", "/_matrix/client/v3/account/whoami");

    expect([unknown.status, unknown.body.errcode]).toEqual([401, "M_UNKNOWN_TOKEN"]);
    expect(revoked.status).toBe(401);
  });

  test("does not recognise unknown endpoints", async () => {
    const answer = await request("GET", "/_matrix/client/v3/nonsense");

    expect([answer.status, answer.body.errcode]).toEqual([404, "M_UNRECOGNIZED"]);
  });

  test("logs in with a password", async () => {
    const body = { type: "m.login.password", user: "tyr", password: "password" };
    const { access_token: token } = (await request("POST", "/_matrix/client/v3/login", { body })).body;

    const answer = await request("GET", "/_matrix/client/v3/account/whoami", { token });

    expect(answer.body.user_id).toBe("@tyr:hs.test");
  });
});

describe("auth rules", () => {
  test("a moderator bans, a member does not", async () => {
    const roomId = publicRoom();
    const body = { user_id: mallory, reason: "spam" };

    const refused = await request("POST", `${room(roomId)}/ban`, { body, token: alice.accessToken });
    const done = await request("POST", `${room(roomId)}/ban`, { body });

    expect([refused.status, refused.body.errcode]).toEqual([403, "M_FORBIDDEN"]);
    expect(done.status).toBe(200);
    expect(homeserver.state(roomId, "m.room.member", mallory)?.content).toEqual({
      membership: "ban",
      reason: "spam",
    });
    expect(() => homeserver.join(roomId, mallory)).toThrow("Cannot join user who was banned");
  });

  test("equal levels cannot ban each other", () => {
    const roomId = publicRoom();
    homeserver.setState(roomId, bot.userId, "m.room.power_levels", "", {
      users: { [bot.userId]: 100, [alice.userId]: 100 },
    });

    expect(() => homeserver.ban(roomId, bot.userId, alice.userId)).toThrow("permission to ban");
  });

  test("unban of somebody not banned is a bad state", async () => {
    const roomId = publicRoom();

    const body = { user_id: mallory };
    const answer = await request("POST", `${room(roomId)}/unban`, { body });

    expect([answer.status, answer.body.errcode]).toEqual([403, "M_BAD_STATE"]);
  });

  test("version 11 has a domain in room ids and the creator among the levels", () => {
    const roomId = publicRoom("11");

    expect(roomId).toMatch(/^![A-Za-z]{18}:hs\.test$/);
    expect(homeserver.state(roomId, "m.room.create")?.content).toEqual({ room_version: "11" });
    expect(homeserver.state(roomId, "m.room.power_levels")?.content["users"]).toEqual({
      [bot.userId]: 100,
    });
  });

  test("version 12 creators stand above all levels and outside the event", () => {
    const roomId = homeserver.createRoom({
      creator: bot.userId,
      version: "12",
      joinRule: "public",
      additionalCreators: [alice.userId],
      powerLevels: { users: { [mallory]: 9000 } },
    });
    homeserver.join(roomId, alice.userId);
    homeserver.join(roomId, mallory);

    expect(roomId).toMatch(/^![A-Za-z0-9_-]{43}$/);
    expect(() => homeserver.ban(roomId, bot.userId, alice.userId)).toThrow("permission to ban");
    expect(() => {
      const users = { [alice.userId]: 100 };
      homeserver.setState(roomId, bot.userId, "m.room.power_levels", "", { users });
    }).toThrow("must not appear in content.users");
    homeserver.ban(roomId, alice.userId, mallory);
    expect(homeserver.membership(roomId, mallory)).toBe("ban");
  });

  test("string levels count in version 9 and are refused in version 10", () => {
    const powerLevels = { users: { [bot.userId]: "100", [alice.userId]: "50" } };
    const create = (version: string): string =>
      homeserver.createRoom({ creator: bot.userId, version, joinRule: "public", powerLevels });
    const roomId = create("9");
    homeserver.join(roomId, alice.userId);
    homeserver.join(roomId, mallory);

    homeserver.kick(roomId, alice.userId, mallory);

    expect(homeserver.membership(roomId, mallory)).toBe("leave");
    expect(() => create("10")).toThrow("must be an integer");
  });

  test("restricted rooms open to members of the room they name", () => {
    const space = publicRoom();
    const roomId = homeserver.createRoom({
      creator: bot.userId,
      initialState: [
        {
          type: "m.room.join_rules",
          content: {
            join_rule: "restricted",
            allow: [{ type: "m.room_membership", room_id: space }],
          },
        },
      ],
    });

    homeserver.join(roomId, alice.userId);

    const member = homeserver.state(roomId, "m.room.member", alice.userId);
    expect(member?.content["join_authorised_via_users_server"]).toBe(bot.userId);
    expect(() => homeserver.join(roomId, "@bob:hs.test")).toThrow("required rooms/spaces");
  });

  test("an ACL may not deny the own server, and stops the servers it denies", () => {
    const roomId = publicRoom();
    const put = (deny: string[]): string =>
      homeserver.setState(roomId, bot.userId, "m.room.server_acl", "", { allow: ["*"], deny });

    expect(() => put(["*.test"])).toThrow("denies the local server");
    put(["evil.test"]);
    expect(() => homeserver.sendText(roomId, mallory, "hi")).toThrow("banned from room");
  });

  test("an event over 65,536 bytes is too large", async () => {
    const roomId = publicRoom();
    const put = (size: number) =>
      request("PUT", `${room(roomId)}/state/x`, { body: { text: "x".repeat(size) } });

    expect((await put(63_000)).status).toBe(200);
    const refused = await put(65_300);
    expect([refused.status, refused.body.errcode]).toEqual([413, "M_TOO_LARGE"]);
  });
});

describe("writes", () => {
  test("a transaction repeated returns the first event", async () => {
    const roomId = publicRoom();
    const send = () => request("PUT", `${room(roomId)}/send/m.room.message/t1`, { body: { body: "once" } });

    const first = await send();
    const second = await send();

    expect(second.body).toEqual(first.body);
    expect(homeserver.texts(roomId)).toEqual(["once"]);
  });

  test("an equal state event of the same sender is not repeated", async () => {
    const roomId = publicRoom();
    const before = homeserver.ban(roomId, bot.userId, mallory, "spam");
    const count = homeserver.events(roomId).length;

    const body = { membership: "ban", reason: "spam" };
    const answer = await request("PUT", `${room(roomId)}/state/m.room.member/${mallory}`, { body });

    expect(answer.body.event_id).toBe(before);
    expect(homeserver.events(roomId)).toHaveLength(count);
  });

  test("redacting a rule empties it in place", async () => {
    const roomId = publicRoom();
    const [rule = ""] = homeserver.addRules(roomId, bot.userId, 1);
    const { next_batch: since } = await sync();

    await request("PUT", `${room(roomId)}/redact/${rule}/t1`, { body: { reason: "oops" } });

    const entity = "@spammer0:evil0.test";
    const current = homeserver.state(roomId, "m.policy.rule.user", `rule:${entity}`);
    expect(current?.event_id).toBe(rule);
    expect(current?.content).toEqual({});
    expect(current?.unsigned["redacted_because"]).toMatchObject({ sender: bot.userId });
    const { events } = (await sync(since)).rooms.join[roomId].timeline;
    expect(events).toMatchObject([{ redacts: rule, content: { redacts: rule, reason: "oops" } }]);
  });

  test("what another server sent tells of its own time, and of an ACL only where all enforce it", () => {
    const roomId = publicRoom();
    const message = {
      roomId,
      sender: mallory,
      type: "m.room.message",
      content: { body: "hi" },
      agoMs: 5_000,
    };

    const first = homeserver.arrives(message);
    homeserver.setState(roomId, bot.userId, "m.room.server_acl", "", { allow: ["*"], deny: ["evil.test"] });

    expect(homeserver.event(roomId, first)?.origin_server_ts).toBe(clock.now() - 5_000);
    expect(() => homeserver.arrives(message)).toThrow("is banned from room");
    const leaked = homeserver.arrives({ ...message, isLeaked: true });
    expect(homeserver.event(roomId, leaked)?.sender).toBe(mallory);
    homeserver.ban(roomId, bot.userId, mallory);
    expect(() => homeserver.arrives({ ...message, isLeaked: true })).toThrow("not in room");
  });

  test("an ACL cannot be redacted", () => {
    const roomId = publicRoom();
    const acl = homeserver.setState(roomId, bot.userId, "m.room.server_acl", "", { allow: ["*"] });

    expect(() => homeserver.redact(roomId, bot.userId, acl)).toThrow("not permitted");
  });

  test("members redact their own messages only", () => {
    const roomId = publicRoom();
    const own = homeserver.sendText(roomId, alice.userId, "mine");
    const other = homeserver.sendText(roomId, mallory, "yours");

    homeserver.redact(roomId, alice.userId, own);

    expect(homeserver.event(roomId, own)?.content).toEqual({});
    expect(() => homeserver.redact(roomId, alice.userId, other)).toThrow("permission to redact");
  });

  test("the limit answers like Synapse, after holding the request", async () => {
    const roomId = publicRoom();
    homeserver.limitWrites({ perSecond: 0.2, burst: 2 });
    const send = (id: number) =>
      request("PUT", `${room(roomId)}/send/m.room.message/${id}`, { body: { body: "hi" } });
    await send(1);
    await send(2);
    const before = clock.now();

    const refused = await send(3);

    expect([refused.status, refused.body.errcode]).toEqual([429, "M_LIMIT_EXCEEDED"]);
    expect(refused.body.retry_after_ms).toBe(5000);
    expect(refused.headers["retry-after"]).toBe("5");
    expect(clock.now() - before).toBe(500);
    homeserver.exemptFromLimits(bot.userId);
    expect((await send(3)).status).toBe(200);
  });

  test("state of one room waits in line, other rooms do not", async () => {
    begin({ writeLatencyMs: 20 });
    const [one, two] = [publicRoom(), publicRoom()];
    const before = clock.now();
    const put = (roomId: string, type: string) =>
      start("PUT", `${room(roomId)}/state/${type}`, { body: { type } });

    await clock.runUntil(Promise.all([put(one, "a"), put(one, "b"), put(two, "a")]));

    const durations = homeserver.requests.map(({ durationMs }) => durationMs);
    expect(durations.sort((a, b) => a - b)).toEqual([20, 20, 40]);
    expect(clock.now() - before).toBe(40);
  });

  test("two processes take turns at the CPU", async () => {
    begin({ writeLatencyMs: 20, processes: 2, writeCpuMs: 10 });
    const roomId = publicRoom();
    const send = (id: number) => start("PUT", `${room(roomId)}/send/x/${id}`, { body: {} });

    await clock.runUntil(Promise.all([send(1), send(2), send(3), send(4)]));

    expect(homeserver.requests.map(({ durationMs }) => durationMs)).toEqual([20, 20, 30, 30]);
  });
});

describe("sync", () => {
  test("tells the whole state first and then only news", async () => {
    const roomId = publicRoom();

    const first = await sync(undefined, { room: { timeline: { limit: 1 } } });
    homeserver.sendText(roomId, alice.userId, "news");
    const second = await sync(first.next_batch);

    const joined = first.rooms.join[roomId];
    expect(joined.timeline.limited).toBe(true);
    expect(joined.state.events.map((event: { type: string }) => event.type)).toContain("m.room.power_levels");
    expect(texts(second.rooms.join[roomId].timeline.events)).toEqual(["news"]);
    expect(second.rooms.join[roomId].state.events).toEqual([]);
  });

  test("a gap brings the state it hides beside the newest events", async () => {
    const roomId = publicRoom();
    const { next_batch: since } = await sync();
    homeserver.addRules(roomId, bot.userId, 10_000);

    const { timeline, state } = (await sync(since)).rooms.join[roomId];

    expect(timeline.limited).toBe(true);
    expect(timeline.events).toHaveLength(10);
    expect(state.events).toHaveLength(9990);
    const back = await request(
      "GET",
      `${room(roomId)}/messages?dir=b&from=${timeline.prev_batch}&to=${since}&limit=1000`,
    );
    expect(back.body.chunk).toHaveLength(1000);
    expect(back.body.chunk[0].state_key).toBe("rule:@spammer9989:evil89.test");
  });

  test("events the filter hides still reach the client as state", async () => {
    const roomId = publicRoom();
    const { next_batch: since } = await sync();
    homeserver.setState(roomId, bot.userId, "m.room.name", "", { name: "New" });
    homeserver.sendText(roomId, alice.userId, "hi");

    const filter = { room: { timeline: { types: ["m.room.message"] } } };
    const { timeline, state } = (await sync(since, filter)).rooms.join[roomId];

    expect(texts(timeline.events)).toEqual(["hi"]);
    expect(state.events).toMatchObject([{ type: "m.room.name", content: { name: "New" } }]);
  });

  test("state the filter hides after the last shown event is lost, as on Synapse", async () => {
    const roomId = publicRoom();
    const { next_batch: since } = await sync();
    homeserver.sendText(roomId, alice.userId, "hi");
    homeserver.setState(roomId, bot.userId, "m.room.name", "", { name: "New" });

    const filter = { room: { timeline: { types: ["m.room.message"] } } };
    const { timeline, state } = (await sync(since, filter)).rooms.join[roomId];

    expect(texts(timeline.events)).toEqual(["hi"]);
    expect(state.events).toEqual([]);
  });

  test("filters leave out rooms and types", async () => {
    const [wanted, unwanted] = [publicRoom(), publicRoom()];

    homeserver.setState(wanted, bot.userId, "m.room.name", "", { name: "Wanted" });
    homeserver.sendText(wanted, alice.userId, "hi");

    const parts = { timeline: { limit: 1 }, state: { types: ["m.room.n*"] } };
    const filter = { room: { not_rooms: [unwanted], ...parts } };
    const { rooms } = await sync(undefined, filter);

    expect(Object.keys(rooms.join)).toEqual([wanted]);
    expect(rooms.join[wanted].state.events).toMatchObject([{ type: "m.room.name" }]);
  });

  test("a long poll wakes at once, and at its end comes back empty", async () => {
    const roomId = publicRoom();
    const { next_batch: since } = await sync();
    const path = `/_matrix/client/v3/sync?timeout=30000&since=${since}`;
    const started = clock.now();

    const poll = start("GET", path);
    await clock.advance(1000);
    homeserver.sendText(roomId, alice.userId, "wake");
    const woken = await clock.runUntil(poll);
    const wokenAt = clock.now();
    const idle = await request("GET", path.replace(since, woken.body.next_batch));

    expect(texts(woken.body.rooms.join[roomId].timeline.events)).toEqual(["wake"]);
    expect(wokenAt - started).toBe(1000);
    expect(clock.now() - wokenAt).toBe(30_000);
    expect(idle.body.rooms).toBeUndefined();
  });

  test("a long poll can be given up", async () => {
    publicRoom();
    const { next_batch: since } = await sync();
    const controller = new AbortController();
    const path = `/_matrix/client/v3/sync?timeout=30000&since=${since}`;
    const poll = start("GET", path, { signal: controller.signal });
    await clock.settle();

    controller.abort(new Error("given up"));

    await expect(poll).rejects.toThrow("given up");
    await clock.settle();
    expect(clock.pendingSleeps).toBe(0);
  });

  test("a state reset shows only in state_after", async () => {
    begin({ supportsStateAfter: true });
    const roomId = publicRoom();
    const { next_batch: since } = await sync();
    const name = { name: "Reset" };
    homeserver.forceState(roomId, bot.userId, "m.room.name", "", name, { silent: true });
    homeserver.sendText(roomId, alice.userId, "hi");

    const plain = (await sync(since)).rooms.join[roomId];
    const after = (await sync(since, undefined, "&use_state_after=true")).rooms.join[roomId];

    expect(plain.state.events).toEqual([]);
    expect(after.state).toBeUndefined();
    expect(after.state_after.events).toMatchObject([{ content: name }]);
  });

  test("invitations come stripped, and being banned comes under leave", async () => {
    const roomId = homeserver.createRoom({ creator: alice.userId, name: "Den" });
    const empty = await sync();
    homeserver.invite(roomId, alice.userId, bot.userId);
    const invited = await sync(empty.next_batch);
    await request("POST", `${room(roomId)}/join`, { body: {} });
    const joined = await sync(invited.next_batch);
    homeserver.ban(roomId, alice.userId, bot.userId);
    const banned = await sync(joined.next_batch);

    const stripped = invited.rooms.invite[roomId].invite_state.events;
    expect(stripped).toContainEqual({
      type: "m.room.name",
      state_key: "",
      sender: alice.userId,
      content: { name: "Den" },
    });
    expect(joined.rooms.join[roomId].timeline.limited).toBe(true);
    expect(banned.rooms.leave[roomId].timeline.events).toMatchObject([
      { type: "m.room.member", content: { membership: "ban" } },
    ]);
  });
});

describe("history", () => {
  test("pages back to the start, where only an empty page has no end", async () => {
    const roomId = publicRoom();
    for (let index = 0; index < 20; index += 1) homeserver.sendText(roomId, mallory, `m${index}`);
    const pages: Answer["body"][] = [];
    let from: string | undefined;

    do {
      const cursor = from === undefined ? "" : `&from=${from}`;
      const { body } = await request("GET", `${room(roomId)}/messages?dir=b&limit=12${cursor}`);
      pages.push(body);
      from = body.end;
    } while (from !== undefined);

    const ids = pages.flatMap(({ chunk }) => chunk.map((event: Answer["body"]) => event.event_id));
    const all = homeserver.events(roomId).map((event) => event.event_id);
    expect(ids).toEqual(all.reverse());
    expect(pages.at(-1).chunk).toEqual([]);
  });

  test("filters by sender, unless it is a server that does not", async () => {
    const roomId = publicRoom();
    homeserver.sendText(roomId, alice.userId, "good");
    homeserver.sendText(roomId, mallory, "bad");
    const filter = encodeURIComponent(JSON.stringify({ senders: [mallory], types: ["m.room.message"] }));
    const read = async () =>
      texts((await request("GET", `${room(roomId)}/messages?dir=b&filter=${filter}`)).body.chunk);

    expect(await read()).toEqual(["bad"]);
    homeserver.settings.ignoresSenderFilter = true;
    expect(await read()).toEqual(["bad", "good"]);
  });
});

describe("scale and trouble", () => {
  test("a generated room has members nobody stored, until one is touched", async () => {
    const [roomId = "", other = ""] = homeserver.generateRooms({
      count: 2,
      membersEach: 100,
      botUserId: bot.userId,
      distinctUsers: 150,
    });
    const target = "@member7:s7.test";
    homeserver.ban(roomId, bot.userId, target);

    const path = `${room(roomId)}/members?membership=join`;
    const joined = (await request("GET", path)).body.chunk;

    expect(joined).toHaveLength(101);
    expect(homeserver.joinedCount(roomId)).toBe(101);
    expect(homeserver.membership(roomId, target)).toBe("ban");
    // 150 users for 200 places: the second room begins again with the first users.
    expect(homeserver.membership(other, target)).toBe("join");
    const { event_id: eventId } = joined.find((event: Answer["body"]) => event.sender !== target);
    expect((await request("GET", `${room(roomId)}/event/${eventId}`)).status).toBe(200);
  });

  test("a million memberships cost next to nothing", () => {
    const roomIds = homeserver.generateRooms({
      count: 5000,
      membersEach: 200,
      botUserId: bot.userId,
    });

    expect(homeserver.membership(roomIds[4999] ?? "", "@member999999:s99.test")).toBe("join");
    expect(homeserver.joinedRooms("@member999999:s99.test")).toEqual([roomIds[4999]]);
  });

  test("scripted faults and outages reach the client", async () => {
    const roomId = publicRoom();
    const send = () => request("PUT", `${room(roomId)}/send/m.room.message/t`, { body: { body: "x" } });
    homeserver.failNext({ match: { path: "/send/" }, status: 503, afterEffect: true });

    expect((await send()).status).toBe(503);
    expect((await send()).status).toBe(200);
    expect(homeserver.texts(roomId)).toEqual(["x"]);
    homeserver.goDown();
    await expect(send()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a room whose requests are lost, whose answers are lost, or that never answers", async () => {
    const roomId = publicRoom();
    const send = (id: string, signal?: AbortSignal) =>
      start("PUT", `${room(roomId)}/send/m.room.message/${id}`, {
        body: { body: id },
        ...(signal ? { signal } : {}),
      });
    homeserver.setRoomLoss(roomId, "requests");
    await expect(clock.runUntil(send("lost"))).rejects.toMatchObject({ code: "ECONNRESET" });
    homeserver.setRoomLoss(roomId, "answers");
    await expect(clock.runUntil(send("unheard"))).rejects.toMatchObject({ code: "ECONNRESET" });
    homeserver.setRoomLoss(roomId, "silence");
    const patience = new AbortController();
    const unanswered = send("unanswered", patience.signal);
    await clock.advance(600_000);
    patience.abort(new Error("gave up"));
    await expect(unanswered).rejects.toThrow("gave up");

    homeserver.setRoomLoss(roomId, undefined);
    await clock.runUntil(send("heard"));

    expect(homeserver.texts(roomId)).toEqual(["unheard", "heard"]);
  });

  test("weather strikes requests that no script has taken", async () => {
    const roomId = publicRoom();
    homeserver.setWeather(({ method }) => (method === "PUT" ? { status: 502 } : undefined));
    const send = () => request("PUT", `${room(roomId)}/send/m.room.message/t`, { body: { body: "x" } });

    expect((await send()).status).toBe(502);
    homeserver.clearFaults();
    expect((await send()).status).toBe(200);
  });

  test("a restart cuts connections and loses what was being written, but nothing that was", async () => {
    begin({ writeLatencyMs: 100 });
    const roomId = publicRoom();
    const send = (id: number) =>
      start("PUT", `${room(roomId)}/send/m.room.message/${id}`, { body: { body: String(id) } });
    await clock.runUntil(send(1));
    const writing = send(2).catch((error: unknown) => error);
    await clock.advance(50);

    homeserver.restart();
    await clock.advance(1_000);

    expect(await writing).toMatchObject({ code: "ECONNRESET" });
    expect(homeserver.texts(roomId)).toEqual(["1"]);
    await clock.runUntil(send(2));
    expect(homeserver.texts(roomId)).toEqual(["1", "2"]);
  });

  test("old news come again in a repeated sync", async () => {
    const roomId = publicRoom();
    const bodies = (answer: Answer["body"]) =>
      answer.rooms?.join?.[roomId]?.timeline.events.map((event: Answer["body"]) => event.content.body);
    homeserver.join(roomId, bot.userId);
    const first = (await sync()).next_batch;
    homeserver.sendText(roomId, alice.userId, "one");
    const second = await sync(first);
    homeserver.sendText(roomId, alice.userId, "two");
    homeserver.repeatSync(bot.userId);

    const repeated = await sync(second.next_batch);

    expect(bodies(second)).toEqual(["one"]);
    expect(bodies(repeated)).toEqual(["one", "two"]);
    expect(bodies(await sync(repeated.next_batch))).toBeUndefined();
  });

  test("a sync skips what it is told to skip, in the rooms it is told", async () => {
    const [one, two] = [publicRoom(), publicRoom()];
    for (const roomId of [one, two]) homeserver.join(roomId, bot.userId);
    const since = (await sync()).next_batch;
    for (const roomId of [one, two])
      for (const text of ["a", "b"]) homeserver.sendText(roomId, alice.userId, text);
    homeserver.skipInSync([one]);

    const { join } = (await sync(since)).rooms;

    expect(join[one].timeline).toMatchObject({ limited: true, events: [{ content: { body: "b" } }] });
    expect(join[two].timeline).toMatchObject({ limited: false });
    expect((await sync(since)).rooms.join[one].timeline.events).toHaveLength(2);
    homeserver.skipInSync("all");
    expect((await sync(since)).rooms.join[two].timeline.limited).toBe(true);
  });

  test("a locked account is logged out softly, a suspended one reads and leaves", async () => {
    const roomId = publicRoom();
    homeserver.join(roomId, bot.userId);
    const say = () => request("PUT", `${room(roomId)}/send/m.room.message/t`, { body: { body: "x" } });
    homeserver.setStanding(bot.userId, "locked");
    expect(await say()).toMatchObject({
      status: 401,
      body: { errcode: "M_USER_LOCKED", soft_logout: true },
    });

    homeserver.setStanding(bot.userId, "suspended");

    expect(await say()).toMatchObject({ status: 403, body: { errcode: "M_USER_SUSPENDED" } });
    const ban = await request("POST", `${room(roomId)}/ban`, { body: { user_id: mallory } });
    expect(ban).toMatchObject({ status: 403, body: { errcode: "M_USER_SUSPENDED" } });
    expect((await request("GET", `${room(roomId)}/members`)).status).toBe(200);
    expect((await request("POST", `${room(roomId)}/leave`)).status).toBe(200);
    homeserver.setStanding(bot.userId, "good");
    expect((await request("POST", `${room(roomId)}/join`)).status).toBe(200);
  });

  test("a test waits for what it wants to see", async () => {
    begin({ writeLatencyMs: 20 });
    const roomId = publicRoom();
    const seen = homeserver.until((hs) => hs.membership(roomId, mallory) === "ban", "the ban");

    const ban = start("POST", `${room(roomId)}/ban`, { body: { user_id: mallory } });
    await clock.runUntil(seen);
    await clock.runUntil(ban);

    expect(homeserver.requestCounts).toEqual({ "POST ban": 1 });
    expect(homeserver.requests[0]).toMatchObject({ userId: bot.userId, roomId, status: 200 });
  });

  test("an admin redacts everything of a user", async () => {
    const roomId = publicRoom();
    const spam = [1, 2, 3].map((n) => homeserver.sendText(roomId, mallory, `spam ${n}`));
    homeserver.ban(roomId, bot.userId, mallory);

    const path = `/_synapse/admin/v1/user`;
    const body = { rooms: [] };
    const { redact_id: id } = (await request("POST", `${path}/${mallory}/redact`, { body })).body;
    const status = await request("GET", `${path}/redact_status/${id}`);

    expect(status.body).toEqual({ status: "complete", failed_redactions: {} });
    expect(spam.map((eventId) => homeserver.event(roomId, eventId)?.content)).toEqual([{}, {}, {}]);
  });

  test("the same script makes the same world", () => {
    const first = homeserver.events(publicRoom());
    begin();
    const second = homeserver.events(publicRoom());

    expect(second).toEqual(first);
  });
});

describe("the fake clock", () => {
  test("says who sleeps when a goal is out of reach", async () => {
    void clock.sleep(5000);

    const stuck = clock.runUntil(() => false, { limitMs: 1000, what: "the impossible" });

    await expect(stuck).rejects.toThrow(/the impossible was not reached.*sleeping: 5000 ms/);
  });
});
