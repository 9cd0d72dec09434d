// A policy server for the protected rooms: set when its user has joined, watched, cleared when it fails, and its signed
// redactions.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { aPolicyKey, type PolicyKey } from "../support/policy-signing.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const via = "policy.example:8448";
const its = `@policyserv:${via}`;
const stable = "m.room.policy";
const unstable = "org.matrix.msc4284.policy";
const minute = 60_000;
const hour = 60 * minute;

let story: Story;
let key: PolicyKey;
let folder: string;

beforeEach(() => {
  key = aPolicyKey();
  folder = aFolder();
});
afterEach(() => story.stop());

async function begin(options: StoryOptions = {}): Promise<void> {
  story = new Story({ dataPath: folder, ...options });
  wellKnown({ public_keys: { ed25519: key.publicKey } });
  await story.start();
}

function wellKnown(body: unknown, status = 200): void {
  story.elsewhere = ({ origin, path, headers }) => {
    expect([origin, path]).toEqual([`https://${via}`, "/.well-known/matrix/policy_server"]);
    expect(headers).toEqual({});
    return Promise.resolve({ status, headers: {}, body: Buffer.from(JSON.stringify(body)) });
  };
}

const policy = (room: string, type = stable) => story.homeserver.state(room, type)?.content;
const joins = (rooms = story.rooms) => {
  for (const room of rooms) story.homeserver.join(room, its);
};
const isSetIn = (rooms = story.rooms) => rooms.every((room) => policy(room)?.["via"] === via);
const content = () => ({ via, public_keys: { ed25519: key.publicKey } });
const until = (what: RegExp) =>
  story.until(() => story.said().some((text) => what.test(text)), `a message like ${what}`);
const told = (what: RegExp) => story.said().filter((text) => what.test(text));
const isWrite = (path: string) => /\/(send|redact|state)\//.test(path) && !path.includes("m.room.policy");
/** As Synapse does it while the policy server is down. */
const fallSilent = (rooms = story.rooms) =>
  story.homeserver.setWeather(({ method, path }) =>
    method === "PUT" && isWrite(path) && rooms.some((room) => path.includes(encodeURIComponent(room)))
      ? { status: 500, body: { errcode: "M_UNKNOWN", error: "Internal server error" } }
      : undefined,
  );

async function set(): Promise<void> {
  joins();
  await story.confirmed(`!tyr policy set ${via}`);
  await story.until(() => isSetIn(), "the policy server in all rooms");
}

describe("policy set", () => {
  test("asks first, invites its user, and sets each room when it has joined", async () => {
    await begin();
    const line = `!tyr policy set ${via}`;
    const [first, second] = story.rooms as [string, string];
    joins([first]);

    const answer = await story.confirmed(line);

    expect(told(/^Question 1:/)[0]).toContain(`${via} is a policy server (key ${key.publicKey.slice(0, 4)}…`);
    expect(told(/^Question 1:/)[0]).toContain(`${its} has to join first: I invite it to 1 room`);
    expect(answer).toContain("set the policy server");
    expect(policy(first)).toEqual(content());
    expect(story.homeserver.membership(second, its)).toBe("invite");
    expect(policy(second)).toBeUndefined();
    expect(await story.command("!tyr policy")).toContain(
      `Room 2: ${via} as soon as ${its} joins, who is invited`,
    );

    await story.pass(5 * minute);
    joins([second]);
    await until(/is now the policy server of 1 room more/);

    expect(policy(second)).toEqual(content());
    expect(policy(story.managementRoom)).toBeUndefined();
    expect(story.written(stable)).toHaveLength(2);
  });

  test("does nothing before the yes, and nothing at a no", async () => {
    await begin();
    joins();
    const event = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr policy set ${via}`);
    await until(/^Question 1:/);

    expect(story.written(stable)).toEqual([]);
    await story.command("!tyr no 1");
    await story.pass();

    expect(story.answerTo(event)).toContain("Question 1:");
    expect(story.written(stable)).toEqual([]);
  });

  test.each([
    ["has no key", {}, 200, "what it answered has no key in it"],
    ["says nothing", { errcode: "M_NOT_FOUND" }, 404, "it says nothing of a policy server (404)"],
    ["leads elsewhere", {}, 302, "it answered with status 302"],
    ["has a key that is none", { public_keys: { ed25519: "AAAA" } }, 200, "has no key in it"],
  ])("is refused where the server %s", async (_what, body, status, problem) => {
    await begin();
    wellKnown(body, status);

    const said = await story.command(`!tyr policy set ${via}`);

    expect(said).toContain(`❌ I have no key of ${via}`);
    expect(said).toContain(problem);
  });

  test("warns of a ban, of a server ACL and of another one", async () => {
    await begin();
    story.rule("policy.example", { kind: "server" });
    story.homeserver.setState(story.rooms[1]!, story.moderator, stable, "", {
      ...content(),
      via: "old.example",
    });
    await story.until(() => story.deny(story.rooms[0]!).length > 0, "the server ACL");

    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr policy set ${via}`);
    await until(/^Question 1:/);

    const question = told(/^Question 1:/)[0];
    expect(question).toContain("A list that you follow bans it");
    expect(question).toContain("The server ACL of Room 1, Room 2 denies it");
    expect(question).toContain("It takes the place of another one in Room 2");
  });

  test("is kept over a restart while its user has not joined, and invites once", async () => {
    await begin();
    await story.confirmed(`!tyr policy set ${via}`);
    await story.pass();
    await story.stop();
    await story.start();
    story.homeserver.kick(story.rooms[0]!, story.moderator, its);
    await story.pass(5 * minute);

    expect(story.homeserver.membership(story.rooms[0]!, its)).toBe("leave");
    joins([story.rooms[1]!]);
    await story.until(() => isSetIn([story.rooms[1]!]), "the policy server of the second room");

    expect(policy(story.rooms[0]!)).toBeUndefined();
  });

  test("is for rooms that come to be protected, too", async () => {
    await begin();
    const later = story.room("Later");
    await set();
    joins([later]);

    await story.command(`!tyr rooms add ${later}`);
    await story.until(() => isSetIn([later]), "the policy server of the new room");

    expect(policy(later)).toEqual(content());
  });

  test("for one room is for that room alone", async () => {
    await begin();
    joins();

    await story.confirmed(`!tyr policy set ${via} ${story.rooms[1]!}`);
    await story.pass(2 * minute);

    expect(policy(story.rooms[0]!)).toBeUndefined();
    expect(policy(story.rooms[1]!)).toEqual(content());
  });

  test("writes the older event along where a room has one", async () => {
    await begin();
    story.homeserver.setState(story.rooms[0]!, story.moderator, unstable, "", {});

    await set();

    expect(policy(story.rooms[0]!, unstable)).toEqual({ via, public_key: key.publicKey });
    expect(policy(story.rooms[1]!, unstable)).toBeUndefined();
  });

  test("is taken back by undo, as a clear is", async () => {
    await begin();
    joins();
    const answer = await story.confirmed(`!tyr policy set ${via}`);
    await story.command(`!tyr undo ${undoNumber(answer)}`);
    await story.pass(2 * minute);
    expect(story.rooms.map((room) => policy(room))).toEqual([{}, {}]);

    await story.confirmed(`!tyr policy set ${via}`);
    const cleared = await story.command("!tyr policy clear");
    expect(story.rooms.map((room) => policy(room))).toEqual([{}, {}]);
    await story.command(`!tyr undo ${undoNumber(cleared)}`);

    await story.until(() => isSetIn(), "the policy server again");
  });
});

describe("what others do", () => {
  test("is told and left: a key, a clear, the last user gone", async () => {
    await begin();
    await set();
    await story.pass();
    const [first, second] = story.rooms as [string, string];
    const other = aPolicyKey().publicKey;

    story.homeserver.setState(first, story.moderator, stable, "", { via, public_keys: { ed25519: other } });
    await until(/changed the key of the policy server policy\.example:8448 in Room 1/);
    story.homeserver.setState(first, story.moderator, stable, "", {});
    await until(/cleared the policy server policy\.example:8448 of Room 1/);
    story.homeserver.leave(second, its);
    await until(/Nobody of the policy server policy\.example:8448 is in Room 2 any more/);
    await story.pass(10 * minute);

    expect(policy(first)).toEqual({});
    expect(await story.command("!tyr policy")).toContain(
      "somebody cleared policy.example:8448, and I leave it so",
    );
  });

  test("before Tyr came is no news", async () => {
    story = new Story({ dataPath: folder });
    story.homeserver.setState(story.rooms[0]!, story.moderator, stable, "", content());
    await story.start();
    await story.pass(2 * minute);

    expect(told(/policy server/)).toEqual([]);
    expect(await story.command("!tyr policy")).toContain("not in the room, so nobody asks it");
  });
});

describe("a policy server that is down", () => {
  test("is told after three acts within a minute, and one reaction clears it everywhere", async () => {
    await begin({ rooms: 4 });
    const spammer = story.person("spammer");
    await set();
    fallSilent();

    story.rule(spammer);
    await until(/^Question 2:\nRooms cannot talk: the policy server policy\.example:8448 did not answer/);
    const question = told(/^Question 2:/)[0];
    await story.command("!tyr yes 2");
    await story.until(
      () => story.rooms.every((room) => policy(room)?.["via"] === undefined),
      "no policy server",
    );
    story.homeserver.clearFaults();
    await story.until(() => story.isBanned(spammer), "the ban", 10 * minute);

    expect(question).toContain("Clear it in all 4 rooms of it?");
    expect(told(/^Question [3-9]/)).toEqual([]);
    expect(await story.command("!tyr policy")).toContain("No protected room has a policy server");
  });

  test("is cleared at once although every other write of the rooms hangs", async () => {
    await begin({ rooms: 4 });
    const spammer = story.person("spammer");
    await set();
    story.homeserver.setWeather(({ method, path }) =>
      method === "PUT" && isWrite(path) && story.rooms.some((room) => path.includes(encodeURIComponent(room)))
        ? { status: 0, hangs: true }
        : undefined,
    );
    story.rule(spammer);
    await story.pass(5_000);
    const before = story.clock.now();

    await story.command("!tyr policy clear");

    expect(story.clock.now() - before).toBeLessThan(3_000);
    expect(story.rooms.map((room) => policy(room))).toEqual([{}, {}, {}, {}]);
  });

  test("is not blamed for a homeserver that is slow in rooms without it", async () => {
    await begin();
    const spammer = story.person("spammer");
    fallSilent();

    story.rule(spammer);
    await story.pass(3 * minute);

    expect(told(/policy server/)).toEqual([]);
  });

  test("what it refuses is told as its doing", async () => {
    await begin();
    await set();
    const rude = story.person("rude");
    const [first] = story.rooms as [string];
    story.homeserver.setWeather(({ method, path }) =>
      method === "PUT" && path.includes("m.room.member") && path.includes(encodeURIComponent(first))
        ? { status: 400, body: { errcode: "M_FORBIDDEN", error: "no" } }
        : undefined,
    );

    const said = await story.command(`!tyr ban ${rude} coc`);

    expect(said).toContain(`the policy server ${via} refused it`);
  });

  test("a set that waits is called off by a clear, in the same moment, too", async () => {
    await begin();
    await story.confirmed(`!tyr policy set ${via}`);

    await story.command("!tyr policy clear");
    joins();
    await story.pass(3 * minute);

    expect(story.written(stable)).toEqual([]);
  });

  test("one room is cleared and kept out", async () => {
    await begin();
    await set();

    await story.command(`!tyr policy clear ${story.rooms[0]!}`);
    await story.pass(3 * minute);

    expect(policy(story.rooms[0]!)).toEqual({});
    expect(policy(story.rooms[1]!)).toEqual(content());
  });
});

describe("a signed redaction", () => {
  let sent = 0;
  const tell = (body: object) => {
    const { userId } = story.bot;
    const messages = { [userId]: { "*": body } };
    const path = `/_matrix/client/v3/sendToDevice/org.matrix.policyserv.command/${(sent += 1)}`;
    const headers = { authorization: `Bearer ${story.homeserver.newToken(story.moderator)}` };
    const request = { method: "PUT", path, query: {}, headers, body: { messages } };
    return story.clock.runUntil(story.homeserver.handle(request), { what: "the message" });
  };
  const command = (room: string, event: string) => ({ command: "redact", room_id: room, event_id: event });
  const isRedacted = (room: string, event: string) =>
    Object.keys(story.homeserver.event(room, event)!.content).length === 0;
  const room = () => story.rooms[0]!;

  beforeEach(async () => {
    await begin();
    await set();
  });

  test("is done, once, as that of a finding", async () => {
    const spam = story.homeserver.sendText(room(), story.person("leaky"), "spam");

    await tell(key.signed(command(room(), spam), via));
    await tell(key.signed(command(room(), spam), via));
    await story.until(() => isRedacted(room(), spam), "the redaction");
    await until(/The policy server policy\.example:8448 asked for it, and has signed that:/);

    expect(await story.command("!tyr policy")).toContain("asked for: 2 done");
    expect(
      story.homeserver
        .events(room())
        .filter(({ type, sender }) => type === "m.room.redaction" && sender === story.bot.userId),
    ).toHaveLength(1);
    expect(await story.command("!tyr why @leaky:hs.test")).toContain("policy server");
  });

  test.each([
    ["signed by another key", () => aPolicyKey().signed(command(room(), "$x"), via)],
    ["unsigned", () => command(room(), "$x")],
    ["signed by another server", () => key.signed(command(room(), "$x"), "evil.example")],
    ["changed afterwards", () => ({ ...key.signed(command(room(), "$y"), via), event_id: "$x" })],
    ["of another room", () => key.signed(command(story.managementRoom, "$x"), via)],
  ])("is refused and counted where it is %s", async (_what, forged) => {
    const spam = story.homeserver.sendText(room(), story.person("leaky"), "spam");
    const body = JSON.parse(JSON.stringify(forged()).replaceAll("$x", spam)) as object;

    await tell(body);
    await story.pass();

    expect(isRedacted(room(), spam)).toBe(false);
    expect(await story.command("!tyr policy")).toContain(
      "0 done; not done: 1 not signed by the room's policy server",
    );
  });

  test("is too old where its event is older than an hour", async () => {
    const spam = story.homeserver.sendText(room(), story.person("leaky"), "spam");
    await story.pass(2 * hour);

    await tell(key.signed(command(room(), spam), via));
    await story.pass();

    expect(isRedacted(room(), spam)).toBe(false);
    expect(await story.command("!tyr policy")).toContain("1 that may be older than an hour");
  });

  test("spares moderators, and what the room stands on", async () => {
    const word = story.homeserver.sendText(room(), story.moderator, "hello");
    const levels = story.homeserver.state(room(), "m.room.power_levels")!.event_id;

    await tell(key.signed(command(room(), word), via));
    await tell(key.signed(command(room(), levels), via));
    await story.pass(2 * minute);

    expect(isRedacted(room(), word)).toBe(false);
    expect(isRedacted(room(), levels)).toBe(false);
  });

  test("stops at a hundred an hour, which is told", async () => {
    const leaky = story.person("leaky");
    const spam = Array.from({ length: 102 }, (_, i) => story.homeserver.sendText(room(), leaky, `spam ${i}`));
    await story.pass();

    for (const event of spam) await tell(key.signed(command(room(), event), via));
    await until(/asks for more than 100 redactions an hour/);
    await story.pass(2 * minute);

    expect(spam.filter((event) => isRedacted(room(), event))).toHaveLength(100);
  });
});
