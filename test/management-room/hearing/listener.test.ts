import { beforeEach, describe, expect, test } from "@jest/globals";
import type { LookUps } from "../../../src/management-room/hearing/command-look-ups.ts";
import { Listener } from "../../../src/management-room/hearing/listener.ts";
import { commands } from "../../../src/commands/index.ts";
import type { MissingArgument } from "../../../src/commands/define.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import type { EventId, RoomId } from "../../../src/model/ids.ts";
import type { Observation, Seen } from "../../../src/model/observation.ts";
import type { World } from "../../../src/model/world/world.ts";
import {
  alias,
  aWorld,
  desk,
  event,
  hall,
  listA,
  live,
  lobby,
  me,
  member,
  nextEvent,
  room,
  see,
  state,
  user,
} from "../../support/make.ts";

const mod = user("@mod:example.org");
const stranger = user("@stranger:example.org");

let world: World;
let received: Extract<Observation, { kind: "command" }>[];
/** Every look-up, as "kind what". */
let lookedUp: string[];

beforeEach(() => {
  world = aWorld();
  see(
    world,
    live(desk, member(mod, "join")),
    live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" })),
    live(lobby, member("@bob:example.org", "join")),
    live(lobby, member("@bobby:example.org", "leave")),
  );
  received = [];
  lookedUp = [];
});

interface Arranged {
  readonly inProtectedRooms?: boolean;
  readonly carriedOut?: readonly EventId[];
  readonly lookUps?: Partial<LookUps>;
  readonly beforeReply?: (line: string) => Promise<void>;
}

function aListener({ inProtectedRooms = false, carriedOut = [], lookUps, beforeReply }: Arranged = {}) {
  return new Listener({
    world,
    commands,
    settings: {
      prefixes: ["!tyr"],
      understands: [],
      inProtectedRooms,
      answerWithinMinutes: 10,
      describe: false,
    },
    distrust: () => undefined,
    lookUps: {
      alias: (name) => {
        lookedUp.push(`alias ${name}`);
        return Promise.resolve({ room: lobby, via: [] });
      },
      people: (name) => {
        lookedUp.push(`people ${name}`);
        return Promise.resolve(undefined);
      },
      room: () => Promise.resolve(undefined),
      policyServer: () => Promise.resolve({ problem: "nowhere" }),
      event: (_room, id) => {
        lookedUp.push(`event ${id}`);
        return Promise.resolve(undefined);
      },
      file: ({ uri }) => {
        lookedUp.push(`file ${uri}`);
        return Promise.resolve(undefined);
      },
      ...lookUps,
    },
    receive: (seen: readonly Seen[]) => {
      for (const one of seen) if (one.kind === "command") received.push({ ...one, at: 0, dueBy: 0 });
    },
    believe: (seen) => see(world, seen),
    beforeReply: beforeReply ?? (() => Promise.resolve()),
    wasCarriedOut: (command) => carriedOut.includes(command),
  });
}

function message(
  body: string,
  { by = mod, id = nextEvent(), more = {} }: { by?: string; id?: string; more?: RoomEvent["content"] } = {},
): RoomEvent {
  return {
    type: "m.room.message",
    sender: user(by),
    eventId: event(id),
    content: { msgtype: "m.text", body, ...more },
    sentAt: 0,
  };
}

const replyTo = (id: string) => ({ "m.relates_to": { "m.in_reply_to": { event_id: id } } });

function reaction(key: string, to: string, by = "@mod:example.org"): RoomEvent {
  return {
    type: "m.reaction",
    sender: user(by),
    eventId: nextEvent(),
    content: { "m.relates_to": { rel_type: "m.annotation", event_id: to, key } },
    sentAt: 0,
  };
}

/** Detects the event and has it passed on; the command as it arrives, if it does. */
async function passed(listener: Listener, one: RoomEvent, where: RoomId = desk) {
  const detected = listener.detect(where, one, 0);
  if (!detected) return undefined;
  const before = received.length;
  listener.lookUpAndPass(where, one, detected);
  await until(() => received.length > before);
  return received.at(-1);
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 50 && !isSo(); turn++) await Promise.resolve();
}

describe("what is detected", () => {
  test("a moderator's command in the management room", () => {
    expect(aListener().detect(desk, message("!tyr status"), 0)).toMatchObject({
      kind: "command",
      command: { text: "status" },
    });
  });

  test.each([
    ["a person who is not in the management room", message("!tyr status", { by: stranger })],
    ["Tyr itself", message("!tyr status", { by: me })],
  ])("nothing of %s", (_who, one) => {
    expect(aListener().detect(desk, one, 0)).toBeUndefined();
  });

  test("nothing of a moderator who has left", () => {
    see(world, live(desk, member(mod, "leave")));

    expect(aListener().detect(desk, message("!tyr status"), 0)).toBeUndefined();
  });

  test.each([
    ["a notice", { msgtype: "m.notice" }],
    ["an edit", { "m.relates_to": { rel_type: "m.replace", event_id: "$0" } }],
  ])("nothing in %s", (_what, more) => {
    expect(aListener().detect(desk, message("!tyr status", { more }), 0)).toBeUndefined();
  });

  test("nothing in conversation", () => {
    expect(aListener().detect(desk, message("tyr status, anybody?"), 0)).toBeUndefined();
  });

  test("the same event once", () => {
    const listener = aListener();
    const one = message("!tyr status");

    expect(listener.detect(desk, one, 0)).toBeDefined();
    expect(listener.detect(desk, one, 0)).toBeUndefined();
  });

  test("nothing that an earlier run has carried out", () => {
    const listener = aListener({ carriedOut: [event("$old")] });

    expect(listener.detect(desk, message("!tyr status", { id: "$old" }), 0)).toBeUndefined();
    expect(listener.detect(desk, message("!tyr status", { id: "$new" }), 0)).toBeDefined();
  });

  test("another bot's command as soon as moderators have switched that on", () => {
    const listener = aListener();

    expect(listener.detect(desk, message("!mjolnir rooms"), 0)).toBeUndefined();
    world.restore({
      kind: "settings",
      settings: { ...world.settings, understood: new Set(["mjolnir"]) },
    });
    expect(listener.detect(desk, message("!mjolnir rooms"), 0)).toMatchObject({ command: { text: "rooms" } });
  });

  test("a command by our display name, as soon as it is known", () => {
    const listener = aListener();

    expect(listener.detect(desk, message("Watchdog: status"), 0)).toBeUndefined();
    listener.ownMembershipChanged({ membership: "join", displayname: "Watchdog" });
    expect(listener.detect(desk, message("Watchdog: status"), 0)).toMatchObject({
      command: { text: "status" },
    });
  });
});

describe("in a protected room", () => {
  test("nothing is detected unless the config allows it", () => {
    const one = message("!tyr ban spam", { more: replyTo("$0") });

    expect(aListener().detect(lobby, one, 0)).toBeUndefined();
    expect(aListener({ inProtectedRooms: true }).detect(lobby, one, 0)).toBeDefined();
  });

  test("only a reply is a command", () => {
    expect(aListener({ inProtectedRooms: true }).detect(lobby, message("!tyr ban @a:x"), 0)).toBeUndefined();
  });

  test("only moderators are obeyed", () => {
    const one = message("!tyr ban spam", { by: stranger, more: replyTo("$0") });

    expect(aListener({ inProtectedRooms: true }).detect(lobby, one, 0)).toBeUndefined();
  });

  test("the author of the message replied to is meant", async () => {
    const listener = aListener({
      inProtectedRooms: true,
      lookUps: { event: () => Promise.resolve(message("buy now", { by: stranger, id: "$spam" })) },
    });

    const command = await passed(listener, message("!tyr ban spam", { more: replyTo("$spam") }), lobby);

    expect(command?.subject).toMatchObject({ who: [stranger], rooms: [lobby] });
  });

  test("a room that is neither protected nor the management room is not listened to", () => {
    const one = message("!tyr ban spam", { more: replyTo("$0") });

    expect(aListener({ inProtectedRooms: true }).detect(room("!other:example.org"), one, 0)).toBeUndefined();
  });
});

describe("what a command names", () => {
  test("aliases are looked up, once each", async () => {
    const command = await passed(
      aListener(),
      message("!tyr kick @a:x #lobby:example.org #lobby:example.org"),
    );

    expect(lookedUp).toEqual(["alias #lobby:example.org"]);
    expect(command?.aliases.get(alias("#lobby:example.org"))).toEqual({ room: lobby, via: [] });
    expect(command?.line).toBe("kick @a:x #lobby:example.org #lobby:example.org");
  });

  test("a word where a person is needed is looked up as a display name; only people of protected rooms count", async () => {
    const people = [user("@bob:example.org"), user("@bobby:example.org"), user("@bob:elsewhere.example")];
    const listener = aListener({ lookUps: { people: () => Promise.resolve({ people, isCut: true }) } });

    const command = await passed(listener, message("!tyr kick Bob"));

    expect([...(command?.names ?? [])]).toEqual([["bob", { people: ["@bob:example.org"], isCut: true }]]);
  });

  test("a command that names people by id needs no look-up", async () => {
    await passed(aListener(), message("!tyr kick @bob:example.org"));

    expect(lookedUp).toEqual([]);
  });

  test("a command that is refused unread needs no look-up", async () => {
    const command = await passed(aListener(), message(`!tyr kick #lobby:example.org ${"x".repeat(6_000)}`));

    expect(lookedUp).toEqual([]);
    expect(command?.line).toBeUndefined();
  });

  test("a message of the management room that was seen needs no request to be replied to", async () => {
    const listener = aListener();
    listener.detect(desk, message("look at @rude:example.org", { id: "$seen" }), 0);

    const command = await passed(listener, message("!tyr ban", { more: replyTo("$seen") }));

    expect(lookedUp).toEqual([]);
    expect(command?.subject?.who).toEqual(["@rude:example.org"]);
  });

  test("a message that cannot be read is told, and no word of the reason is looked up as a name", async () => {
    const command = await passed(aListener(), message("!tyr ban spam", { more: replyTo("$gone") }));

    expect(lookedUp).toEqual(["event $gone"]);
    expect(command?.note?.text).toBe("I could not read the message you replied to.");
    expect(command?.subject).toBeUndefined();
  });
});

describe("commands are passed on", () => {
  test("in the order in which they were sent, however long a look-up takes", async () => {
    let answer: (found: { room: RoomId; via: [] }) => void = () => undefined;
    const listener = aListener({
      lookUps: { alias: () => new Promise((resolve) => (answer = resolve)) },
    });
    for (const one of [message("!tyr rooms add #lobby:example.org"), message("!tyr status")]) {
      listener.lookUpAndPass(desk, one, listener.detect(desk, one, 0)!);
    }
    await until(() => false);
    expect(received).toEqual([]);

    answer({ room: hall, via: [] });
    await until(() => received.length === 2);

    expect(received.map(({ line }) => line)).toEqual(["rooms add #lobby:example.org", "status"]);
  });

  test("after what their replies need is known", async () => {
    const lines: string[] = [];
    const listener = aListener({
      beforeReply: (line) => {
        lines.push(`${line}, ${received.length} received`);
        return Promise.resolve();
      },
    });

    await passed(listener, message("!tyr suspend @a:example.org"));

    expect(lines).toEqual(["suspend @a:example.org, 0 received"]);
  });
});

describe("a prompt", () => {
  const missing: MissingArgument = { kind: "person", before: "kick", after: "", choices: [] };
  const choices = ["@a:x", "@b:x"].map((typed) => ({ typed, shown: { text: typed, html: typed } }));

  /** A listener with an open prompt of the moderator, whose message is in the room. */
  async function prompted(more: Partial<MissingArgument> = {}) {
    const listener = aListener();
    const command = await passed(listener, message("!tyr kick", { id: "$kick" }));
    listener.openPrompt(command!, { ...missing, ...more }, 0);
    const reactions = listener.promptSent(event("$kick"), event("$prompt"));
    return { listener, reactions };
  }

  test("is answered by the moderator's next message", async () => {
    const { listener } = await prompted();

    const command = await passed(listener, message("@bob:example.org"));

    expect(command?.line).toBe("kick @bob:example.org");
    expect(command?.inPlaceOf).toBeUndefined();
  });

  test("is answered by a reaction, in place of the command", async () => {
    const { listener, reactions } = await prompted({ choices });

    const command = await passed(listener, reaction("2️⃣", "$prompt"));

    expect(reactions).toEqual(["1️⃣", "2️⃣"]);
    expect(command).toMatchObject({ line: "kick @b:x", inPlaceOf: "$kick" });
  });

  test("is answered by nobody else", async () => {
    see(world, live(desk, member("@other:example.org", "join")));
    const { listener } = await prompted();

    expect(
      listener.detect(desk, message("@bob:example.org", { by: "@other:example.org" }), 0),
    ).toBeUndefined();
  });

  test("is answered in the management room only", async () => {
    const { listener } = await prompted();

    expect(listener.detect(lobby, message("@bob:example.org"), 0)).toBeUndefined();
  });

  test("is not answered by an edit or a notice", async () => {
    const { listener } = await prompted();
    const edit = { "m.relates_to": { rel_type: "m.replace", event_id: "$0" } };

    expect(listener.detect(desk, message("@bob:example.org", { more: edit }), 0)).toBeUndefined();
    expect(
      listener.detect(desk, message("@bob:example.org", { more: { msgtype: "m.notice" } }), 0),
    ).toBeUndefined();
    expect(listener.detect(desk, message("@bob:example.org"), 0)).toMatchObject({ kind: "completion" });
  });
});

describe("the command of an observation", () => {
  const seen = (more: object) => ({
    kind: "command" as const,
    room: desk,
    event: message("!tyr status"),
    aliases: new Map(),
    at: 0,
    dueBy: 0,
    ...more,
  });

  test("is the line that was passed on, where there is one", () => {
    expect(aListener().commandOf(seen({ line: "kick @bob:example.org" }))).toEqual({
      text: "kick @bob:example.org",
      prefix: "!tyr",
      problem: undefined,
    });
  });

  test("is detected anew where it was refused unread", () => {
    expect(aListener().commandOf(seen({}))).toMatchObject({ text: "status", problem: undefined });
  });
});

test("a look-up that breaks keeps no command from being passed on", async () => {
  let calls = 0;
  const listener = aListener({
    beforeReply: () => (calls++ === 0 ? Promise.reject(new Error("broken")) : Promise.resolve()),
  });
  const said = (body: string) => ({
    type: "m.room.message",
    sender: mod,
    eventId: nextEvent(),
    content: { msgtype: "m.text", body },
    sentAt: 0,
  });
  for (const event of [said("!tyr status"), said("!tyr rooms")]) {
    const detected = listener.detect(desk, event, 0)!;
    listener.lookUpAndPass(desk, event, detected);
  }
  await new Promise(setImmediate);

  expect(received.map(({ line }) => line)).toEqual(["status", "rooms"]);
});
