// Every command said on a real Synapse, with good and with bad arguments, by id, alias, pill, link and reply: what Tyr
// answers, and what the homeserver shows then. docs/transcript.md is what was said: it is compared, and written where
// E2E_TRANSCRIPT names the file.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../src/commands/index.ts";
import { TestClient, textOf, type Content } from "../support/synapse/client.ts";
import { Look } from "../support/synapse/look.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { comparable, relation, renewal, Transcript, type Typed } from "../support/synapse/transcript.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const pageFile = join(import.meta.dirname, "../../docs/transcript.md");

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let look: Look;
let transcript: Transcript;
const people: Record<string, { readonly userId: string; readonly client: TestClient }> = {};
const aliases: Record<string, string> = {};

const names = ["rude", "loud", "helper", "quiet", "wave1", "wave2", "uploader", "leaving"] as const;
type Name = (typeof names)[number];

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 3 });
  const root = new TestClient(synapse.url, (await synapse.registerUser("root", { admin: true })).accessToken);
  const where = `/_synapse/admin/v1/users/${encodeURIComponent(scene.bot.userId)}/admin`;
  await root.request("PUT", where, { admin: true });
  for (const name of names) people[name] = await scene.person(name, scene.rooms);
  for (const [i, name] of ["lobby", "garden", "attic"].entries()) {
    aliases[name] = `#${name}-${suffix()}:tyr.test`;
    await scene.moderator.request("PUT", `/directory/room/${encodeURIComponent(aliases[name])}`, {
      room_id: scene.rooms[i],
    });
    await scene.moderator.sendState(scene.rooms[i]!, "m.room.name", "", {
      name: name[0]!.toUpperCase() + name.slice(1),
    });
  }
  look = new Look(scene.moderator, root);
  transcript = new Transcript(scene, readable);
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: {
      ...scene.settings,
      admin: { makeRoomAdmin: true },
      guard: { newcomerHours: 24, maxStaff: 1_000 },
      offers: { enabled: false },
    },
  });
  await scene.said(/^Tyr is watching/);
}, 600_000);

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

const suffix = () => /-([a-z0-9]+):/.exec(scene.bot.userId)![1]!;
const id = (name: Name) => people[name]!.userId;
const link = (...parts: readonly string[]) =>
  `https://matrix.to/#/${parts.map(encodeURIComponent).join("/")}`;
const good = (line: string, pattern: RegExp, typed?: Typed) => transcript.good(line, pattern, typed);
const bad = (line: string, pattern: RegExp, typed?: Typed) => transcript.bad(line, pattern, typed);
const shows = (what: string, found: () => Promise<unknown>, wanted: unknown) =>
  transcript.shows(what, found, wanted);
const everywhere = <T>(value: T) => scene.rooms.map(() => value);
const memberships = (name: Name) => () => look.memberships(scene.rooms, id(name));
const levels = (name: Name) => () => look.levels(scene.rooms, id(name));
const rules = () => look.rules(scene.list);
/** As a client sends it where a name was picked from a list. */
const pill = (line: string, name: Name, shown: string) => ({
  how: `${shown} is a pill`,
  content: {
    body: `!tyr ${line.replace(id(name), shown)}`,
    format: "org.matrix.custom.html",
    formatted_body: `!tyr ${line.replace(id(name), `<a href="${link(id(name))}">${shown}</a>`)}`,
  },
});
const replying = (to: string, what: string) => ({
  how: `in reply to ${what}`,
  content: { "m.relates_to": { "m.in_reply_to": { event_id: to } } },
});
const newestOfTyr = (pattern: RegExp) =>
  scene.moderator
    .allSeen((one) => one.sender === scene.bot.userId && pattern.test(textOf(one)))
    .findLast(({ event }) => relation(event)["rel_type"] === undefined)!.event.event_id!;
const numberIn = (text: string) => /undo (\d+)/.exec(text)?.[1] ?? "no number";

test("people: ban, unban, kick, mute, warn, redact, since, powerlevel, exempt, why, undo", async () => {
  const [lobby, garden, attic] = scene.rooms;
  const first = await people["rude"]!.client.sendText(lobby!, "something rude");
  await people["rude"]!.client.sendText(garden!, "more of it");

  await good("help", /every day/);
  await good("help all", /All \d+ commands/);
  await good("help lists", /rules matching/);
  await good("help ban", /For example/);
  await bad("help bann", /Did you mean !tyr help ban/);
  await good("status", /3 protected rooms/);
  await bad("statsu", /Did you mean !tyr status/);
  const banned = await good(`ban ${id("rude")} coc spam`, /banned .* in 3 rooms/);
  await shows("the bans", memberships("rude"), everywhere("ban"));
  await shows("the rule", rules, [`user ${id("rude")}`]);
  await shows("what was said is gone", () => look.isRedacted(lobby!, first), true);
  await bad("ban nobody-by-that-name coc", /is not a user \(@name:server\), a room/);
  await bad(`ban ${id("loud")} spam —fro 7d`, /Did you mean --for/);
  await good(`why ${id("rude")}`, /as @mod-.* said ban/);
  await bad("why", /Whom or what\? Name a user, a server or a room/);
  await good(`undo ${numberIn(banned.answer)}`, /unbanned/);
  await shows("the end of the bans", memberships("rude"), everywhere("leave"));
  await shows("no rule any more", rules, []);
  await bad("undo 999", /I know nothing under 999/);
  const pilled = `ban ${id("loud")} coc too loud`;
  await good(pilled, /banned .*loud.* in 3 rooms/, pill(pilled, "loud", "Loud Person"));
  await shows("the bans by pill", memberships("loud"), everywhere("ban"));
  await shows("the rule by pill", rules, [`user ${id("loud")}`]);
  await good("unban", /unbanned .*loud/, replying(newestOfTyr(/Ban of .*loud/), "Tyr's answer to that ban"));
  await shows("the bans lifted by reply", memberships("loud"), everywhere("leave"));
  await shows("no rule after the reply", rules, []);
  await bad("unban not-an-id", /is not a user \(@name:server\), a room/);
  for (const name of ["loud", "rude"] as const)
    await Promise.all(scene.rooms.map((room) => people[name]!.client.join(room)));
  await good(`kick ${link(id("loud"))} ${aliases["garden"]} calm down`, /kicked .* in 1 room/, {
    how: "by links",
  });
  await shows("the kick from the garden", memberships("loud"), ["join", "leave", "join"]);
  await bad(`kick ${id("loud")} ${aliases["garden"]}`, /is not in/);
  await good(`mute matrix:u/${id("loud").slice(1)} --for 1d`, /muted .* in 3 rooms/, {
    how: "by a matrix: URI",
  });
  await shows("the mute where they are and where they left", levels("loud"), [-1, -1, -1]);
  await bad(`mute ${id("loud")} --for ever`, /span of time/);
  await good(`unmute ${id("loud")}`, /unmuted .* in 3 rooms/);
  await shows("their voice back", levels("loud"), [undefined, undefined, undefined]);
  await bad(`unmute ${id("loud")} #nowhere:tyr.test`, /leads nowhere/);
  await people["quiet"]!.client.sendText(garden!, "hm");
  await good(`warn ${id("quiet")} please say more`, /Warning to/);
  await shows("the warning where they spoke last", warnings, [0, 1, 0]);
  await bad(`warn ${id("quiet")}`, /text is missing: what to say to them/);
  await good(`redact ${link(lobby!, first)} off topic`, /redacted 1 event/, {
    how: "by the link of a message",
  });
  await people["rude"]!.client.sendText(attic!, "rude again");
  await good(`redact ${id("rude")} --limit 10 spam`, /redacted \d+ events?/);
  await shows(
    "nothing left of what they wrote",
    async () =>
      (await Promise.all(scene.rooms.map((room) => look.messagesOf(room, id("rude"))))).map(
        (messages) => messages.length,
      ),
    everywhere(0),
  );
  await bad(`redact ${id("rude")} --limit many`, /whole number/);
  await good("since 1h show", /joined in the last 1 hour/);
  await good(`since 1h mute ${aliases["attic"]}`, /muted 2 people in 1 room/);
  await shows("the mute of one newcomer", levels("rude"), [undefined, undefined, -1]);
  await shows("the mute of the other", levels("loud"), [undefined, undefined, -1]);
  await shows("the voice of somebody who was there before", levels("quiet"), everywhere(undefined));
  await good(`since 1h unmute ${aliases["attic"]}`, /unmuted 2 people in 1 room/);
  await shows("the end of the mute", levels("rude"), everywhere(undefined));
  await bad("since yesterday kick", /span of time/);
  await good("since 2026-01-31 show", /joined since 2026-01-31 00:00 UTC/);
  await bad("since 2026-02-30 show", /no date/);
  await good("ban @wave*:tyr.test coc raid", /banned 2 people in 3 rooms/);
  for (const name of ["wave1", "wave2"] as const)
    await shows(`the ban of ${name}`, memberships(name), everywhere("ban"));
  await shows("the rule for both", rules, ["user @wave*:tyr.test"]);
  await good("allow coc @friend:elsewhere.example appeal accepted", /Allow rule for/);
  await shows("the allow rule beside the ban", rules, [
    "user @friend:elsewhere.example",
    "user @wave*:tyr.test",
  ]);
  await bad("allow not-an-id coc", /is not a user \(@name:server\), a room/);
  await good("unallow coc @friend:elsewhere.example", /1 allow rule/);
  await shows("the ban alone", rules, ["user @wave*:tyr.test"]);
  await bad("unallow @friend:elsewhere.example", /no list allows/);
  await good("sweep", /Nobody of a banned server/);
  await bad(`sweep ${id("loud")}`, /is no server/);
  await good(`powerlevel ${id("helper")} moderator ${aliases["lobby"]}`, /set the power level of/);
  await shows("the level in the lobby", levels("helper"), [50, undefined, undefined]);
  await bad(`powerlevel ${id("helper")} boss`, /is no level/);
  await good(`exempt add ${id("helper")} our helper`, /Exempting/);
  await bad("exempt add *", /would exempt everybody/);
  await good("bridges add @_irc_*:example.org @irc-bot:example.org", /0 ghosts known here/);
  await good("bridges", /bot @irc-bot:example\.org/);
  await bad("bridges add @*:example.org", /would take in people/);
  await good("bridges remove @_irc_*:example.org", /No longer a bridge/);
  await bad("bridges remove @_irc_*:example.org", /told of no bridge/);
  await good("exempt list", /our helper/);
  await good(`exempt remove ${id("helper")}`, /No longer exempting/);
  await bad(`exempt remove ${id("helper")}`, /is not exempt/);
  await shows("nobody else banned", memberships("quiet"), everywhere("join"));

  expect(transcript.takeProblems()).toEqual([]);
}, 600_000);

test("rooms and lists", async () => {
  const spare = await scene.moderator.createRoom({
    name: "Spare",
    powerLevels: { users: { [scene.moderatorId]: 100, [scene.bot.userId]: 100 } },
  });
  await scene.moderator.invite(spare, scene.bot.userId);
  const foreign = await scene.moderator.createRoom({ preset: "public_chat", name: "Neighbours" });
  await scene.moderator.sendState(foreign, "m.policy.rule.user", "one", {
    entity: id("leaving"),
    recommendation: "m.ban",
    reason: "seen elsewhere",
  });
  const botIn = (room: string) => () => look.memberships([room], scene.bot.userId);

  await good("rooms", /3 protected rooms/);
  await good(`rooms add ${spare}`, /Protecting/);
  await shows("Tyr in the new room", botIn(spare), ["join"]);
  await shows("the new room among those that are kept", protectedRooms, [...scene.rooms, spare].toSorted());
  await bad("rooms add lobby", /is not a room/);
  await good(`rooms remove ${link(spare)}`, /No longer protecting/, { how: "by a link" });
  await shows("the room gone from those", protectedRooms, [...scene.rooms].toSorted());
  await bad(`rooms remove ${spare}`, /is not protected/);
  await good(`say ${aliases["lobby"]} The meeting begins at eight.`, /Message to .*Lobby/);
  await bad("say hello to all", /is not a room/);
  await good(`announce ${aliases["lobby"]} We have new rules.`, /Message to 1 room/);
  await bad("announce", /text is missing/);
  await good("invitations add example.org", /are accepted from now on/);
  await good("invitations", /example\.org since/);
  await bad("invitations add *", /is everybody/);
  await good("invitations remove example.org", /a stranger's again/);
  await bad("invitations remove example.org", /is none of those/);
  await good("rooms joined", /Only rooms that are named/);
  await bad("rooms joined maybe", /is neither on nor off/);
  await good("lists", /1 list, the first/);
  await good("lists create second", /made 1 list/);
  const second = await newList("second");
  await bad("lists create coc", /already watch a list called coc/);
  await good("lists default coc", /is the default now/);
  await bad("lists default cocc", /Did you mean coc/);
  await good(`lists preview ${foreign}`, /: 1 rule \(1 user/);
  await shows("nobody banned by a look", memberships("leaving"), everywhere("join"));
  await bad("lists preview #nowhere:tyr.test", /leads nowhere/);
  await good(`lists watch ${foreign}`, /Watching/);
  await shows("the bans of the new list", memberships("leaving"), everywhere("ban"));
  await bad("lists watch #nowhere:tyr.test", /leads nowhere/);
  await bad("lists wach #x:y", /Did you mean !tyr lists watch/);
  await good("lists weight second 50", /Weight of list second: 50 of the 100/);
  await bad("lists weight second half", /half is no weight/);
  await good("lists mode second servers notify", /mode of list second for servers is notify/);
  await bad("lists mode second loud", /loud is no mode: apply, ask, notify or off/);
  await good("lists cap second ban", /leads to a ban at most/);
  await bad("lists cap second kick", /kick is no cap/);
  await good("lists together coc second", /have one voice/);
  await bad("lists together coc coc", /it takes two lists/);
  await bad("lists apart nothing", /is not a list/);
  await good("lists mode second servers apply", /is apply/);
  await good("lists weight second 100", /enough alone/);
  await good("lists cap second none", /whatever it asks for/);
  await good(`lists unwatch ${foreign}`, /No longer watching/);
  await shows("the end of its bans", memberships("leaving"), everywhere("leave"));
  await bad("lists unwatch nothing", /is not a list/);
  await bad(`lists propose coc ${id("loud")} noise`, /I may write to list coc myself/);
  await scene.moderator.ban(spare, id("quiet"), "was rude there");
  await good(`lists import ${spare} second`, /wrote 1 rule/);
  await shows("the imported rule", () => look.rules(second, botClient()), [`user ${id("quiet")}`]);
  await shows("its bans", memberships("quiet"), everywhere("ban"));
  await bad("lists import #nowhere:tyr.test second", /leads nowhere/);
  await good(`except coc ${id("helper")} --for 90d they are ours`, /is an exception from list coc/);
  await bad("except coc @*:*", /would except everybody/);
  await bad("except @helper:tyr.test", /list is missing|Which list/);
  await good("lists check coc", /What I see from here|nothing is wrong with them/);
  await bad("lists check nothing", /is not a list/);
  await good("lists tidy coc", /is tidy/);
  await bad("lists tidy nothing", /is not a list/);
  await good("lists log coc", /change.* in the last 30 days, newest first/);
  await bad("lists log nothing", /is not a list/);
  await good("rules reason coc @wave*:tyr.test a raid of many", /New reason for/);
  await bad("rules reason coc @nobody:tyr.test spam", /has no rule for/);
  await bad("rules remove coc @wave*:tyr.test allow", /takes that one off/);
  await good("rules remove coc @wave*:tyr.test ban", /1 rule for .* off list coc/);
  await good("undo last", /wrote 1 rule/);
  await good("exceptions", /they are ours/);
  await bad("exceptions nothing", /is not a list|do not know what to do with nothing/);
  await good(`except remove coc ${id("helper")}`, /no longer an exception/);
  await bad(`except remove coc ${id("helper")}`, /is no exception from list coc/);
  await good("lists export coc", /sent 1 file/);
  await shows("the file", files, ["coc.csv"]);
  await bad("lists export nothing", /is not a list/);
  await good("rules coc", /list coc: 1 rule \(1 user\)/);
  await bad("rules show nothing", /I do not know what to do with nothing/);
  await good("rules matching @wave1:tyr.test", /user @wave\*:\S+ \(ban\) by @tyr/);
  await bad("rules matching", /Whom or what\?\nReply to this with @name:server/);
  await good("rules search raid", /1 rule on 1 list/);
  await bad("rules search", /text is missing/);
  await good(`rooms leave ${spare}`, /Leaving/);
  await shows("Tyr gone from there", botIn(spare), ["leave"]);
  await bad(`rooms leave ${aliases["lobby"]}`, /I stay in .*: I protect it/);
  await good("sync", /read again in \d rooms/);
  await good("verify", /I have every right I need in all 3 rooms/);
  await good(`resolve ${aliases["lobby"]}`, /It is a protected room, and I am in it/);
  await bad("resolve #nowhere:tyr.test", /leads nowhere/);

  expect(transcript.takeProblems()).toEqual([]);
}, 600_000);

test("protections that moderators write, try and let act", async () => {
  const [lobby] = scene.rooms;

  await good("protections words scam add free nitro, airdrop", /new list of words/);
  await bad("protections words scam remove bitcoin", /scam has no bitcoin/);
  await good("protections links our-links add tyr.test", /new list of links/);
  await bad("protections links scam", /scam is a list of words/);
  await good("protections servers odd add odd.example", /new list of servers/);
  await bad("protections servers odd drop", /After the name stands what is done/);
  await good("protections pictures cats add mxc://tyr.test/cat", /new list of pictures/);
  await bad("protections pictures dogs remove mxc://tyr.test/dog", /There is no list dogs/);
  await good("protections add scams when text has scam then redact", /version 1, in shadow/);
  await bad("protections add scams2 when autor is newcomer then delete", /did you mean author/);
  await good("protections hits scams", /nobody in the last week/);
  await bad("protections hits scamz", /Did you mean scams/);
  await good("protections alert scams", /only tells/);
  await bad("protections alert scamz", /Did you mean scams/);
  await good("protections ask scams", /asks before it acts/);
  await bad("protections ask scamz", /Did you mean scams/);
  await good("protections act scams", /scams acts, with redact/);
  await good("protections set scams response redact+mute", /becomes/);
  await bad("protections act scamz", /Did you mean scams/);
  const said = await people["uploader"]!.client.sendText(lobby!, "free nitro for all");
  await shows("the message gone", () => look.isRedacted(lobby!, said), true);
  await scene.said(/^scams in/);
  const about = replying(newestOfTyr(/^scams in/), "the message about it");
  await good("right", /scams was right about/, about);
  await bad("right 999999", /I know nothing under 999999/);
  await good("wrong", /scams was wrong about/, about);
  await bad("wrong 999999", /I know nothing under 999999/);
  await good("protections undo scams", /unmuted/);
  await bad("protections undo flood", /did nothing within 1 hour/);
  await good(`protections show-removed ${id("uploader")}`, /comes as a message of its own/);
  await bad("protections show-removed scams", /I know nothing under scams/);
  await good(`protections forget-removed ${id("uploader")}`, /is no longer kept/);
  await bad("protections forget-removed scams", /is not/);
  const hello = await people["uploader"]!.client.sendText(lobby!, "hello all");
  await good(`protections explain ${link(lobby!, hello)} scams`, /does not fit/);
  await bad(`protections explain ${link(lobby!, said)} scams`, /nothing is left of it to look at/);
  await good("protections edit scams when text has scam and links", /tried in shadow beside version 1/);
  await bad("protections edit flood when links", /flood comes with me/);
  await good("protections history scams", /scams has 2 versions/);
  await bad("protections history flood", /flood comes with me/);
  await good("protections try scams 1d", /nobody would have been met/);
  await bad("protections try scams forever", /is not a span of time/);
  await good("protections back scams 2", /scams is version 2 again/);
  await bad("protections back scams 9", /scams has no version 9/);
  await good("protections shadow scams", /looks and does nothing/);
  await bad("protections shadow scamz", /Did you mean scams/);
  await good("protections share scams", /version 2, digest [0-9a-f]{12}:\n```yaml/);
  await bad("protections share flood", /comes with every Tyr/);
  const odd = await scene.moderator.sendText(scene.managementRoom, "no rule at all");
  await bad(
    "protections add",
    /a shared rule or a code block is taken/,
    replying(odd, "a message without a rule"),
  );
  const friends = await scene.moderator.createRoom({ name: "Rules", preset: "public_chat" });
  await scene.moderator.sendState(friends, "io.tyr.protection", "pings", {
    rule: "rule: pings\nwhen: text.mentions > 5\nthen: redact\n",
    version: 1,
  });
  await good(`protections follow ${friends} friends`, /Following .* as friends/);
  await bad(`protections follow ${friends} others`, /as friends already/);
  await scene.said(/New, in shadow: they look and do nothing: friends\/pings/);
  await good("protections unfollow friends", /1 protection of it is gone/);
  await bad("protections unfollow friends", /I follow no rules room friends/);
  await good("protections remove scams", /scams is removed/);
  await bad("protections remove flood", /flood comes with me/);
  await bad("protections profile loud", /quiet/);

  expect(transcript.takeProblems()).toEqual([]);
}, 600_000);

test("protections, questions, aliases, the public list, and what is around them", async () => {
  const [lobby, garden] = scene.rooms;
  const extra = `#extra-${suffix()}:tyr.test`;
  const leadsTo = () => look.alias(extra);
  const visibility = () => look.visibility(lobby!);

  await good("protections", /flood: Too many messages/);
  await good("protections profile", /usual, for most communities/);
  await good("protections enable flood", /flood is on/);
  await bad("protections enable flod", /Did you mean flood/);
  await good("protections set flood response warn redact+mute redact+ban", /becomes/);
  await bad("protections set flood limit lots", /whole number from 2 to 100/);
  await good(`protections show flood ${aliases["lobby"]}`, /limit is 10 messages/);
  await bad("protections show flod", /Did you mean flood/);
  await good("protections disable flood", /flood is off/);
  await bad("protections disable everything", /There is no protection everything/);
  await good("questions", /Nothing waits/);
  await good("stop 2h", /Stopped until/);
  await good("go", /Going on/);
  await bad("go", /nothing is stopped/);
  await bad("yes 999", /No question is open/);
  await bad("no 999", /No question is open/);
  await good(`alias add ${extra} ${aliases["lobby"]}`, /made 1 alias/);
  await shows("where the new alias leads", leadsTo, lobby);
  await bad(`alias add extra ${aliases["lobby"]}`, /is not an alias/);
  await good(`alias move ${extra} ${aliases["garden"]}`, /removed 1 alias\nmade 1 alias/);
  await shows("where it leads after the move", leadsTo, garden);
  await bad(`alias move #nothing-${suffix()}:tyr.test ${aliases["garden"]}`, /leads nowhere/);
  await good(`alias remove ${extra}`, /removed 1 alias/);
  await shows("that it leads nowhere", leadsTo, undefined);
  await bad(`alias remove ${extra}`, /leads nowhere/);
  await good(`directory add ${aliases["lobby"]}`, /listed 1 room/);
  await shows("the room on the public list", visibility, "public");
  await bad("directory add lobby", /is not a room/);
  await good(`directory remove ${aliases["lobby"]}`, /took from the list 1 room/);
  await shows("the room off the public list", visibility, "private");
  await bad("directory remove lobby", /is not a room/);
  await good("config guard.maxPeople", /: 50 people/);
  await bad("config guard.maxPeeple", /Did you mean/);
  await good("understand mjolnir", /!mjolnir are understood/);
  await bad("understand mjolnr", /is none of mjolnir, draupnir, meowlnir/);

  expect(transcript.takeProblems()).toEqual([]);
}, 600_000);

test("waves, crowds that are expected, rooms that are closed, and who is on duty", async () => {
  const [lobby, garden] = scene.rooms;
  const powers = () => Promise.all(scene.rooms.map((room) => powerLevels(room)));
  const neededToSpeak = async () => (await powers()).map((content) => content["events_default"] ?? 0);
  const before = await powers();

  await good("waves", /No wave has been seen/);
  await bad("waves fine", /I know of no wave/);
  await bad("waves clean 999999", /I know no wave 999999/);
  await bad(`waves excuse ${id("quiet")}`, /belongs to no wave that I know of/);
  await bad("waves invite", /I know of no wave/);
  await bad("waves publish last", /I know of no wave/);
  await good("expect 300 from conf.example for 6h", /300 people from conf\.example until/);
  await bad("expect many", /how many, from which server/);
  await good("expect", /Expected:/);
  await good("expect end conf.example", /Nobody is expected from conf\.example any more/);
  await bad("expect end conf.example", /nobody is expected from conf\.example;/);
  const closed = await good(`raid ${aliases["lobby"]} 2h`, /Closing Lobby to newcomers/);
  await shows("the level that it takes to speak", neededToSpeak, [1, 0, 0]);
  await bad(`raid ${aliases["lobby"]} soon`, /as a span of time/);
  await good("release", /Closed: 1 room/);
  await good(`release ${numberIn(closed.answer)}`, /Opening Lobby again/);
  await shows("the lobby as it was", () => powerLevels(lobby!), before[0]);
  await bad("release 999999", /is no number that I gave/);
  await bad("rehearse stop", /no rehearsal goes on/);
  await bad("rehearse wave --accounts 3", /from 8 to 50 accounts, not 3/);
  await good(`rehearse wave ${aliases["lobby"]}`, /12 made-up accounts come to Lobby now/);
  await good("rehearse stop", /Ending the rehearsal/);
  await good(`rooms knock on ${aliases["attic"]}`, /People have to knock at/);
  await bad("rooms knock on #nowhere:tyr.test", /leads nowhere/);
  await good("knocks", /Nobody waits to be let in/);
  await bad("knocks #nowhere:tyr.test", /leads nowhere/);
  await bad(`knocks allow ${id("quiet")}`, /asks? to be let in/);
  await bad(`knocks deny ${id("quiet")}`, /asks? to be let in/);
  for (const answer of ["allow", "deny"]) {
    await good(`knocks ${answer} all`, /Nobody waits to be let in/);
    await bad(`knocks ${answer} all --question 999`, /there is no question/i);
  }
  await good(`rooms knock off ${aliases["attic"]}`, /people can join as before/);
  await bad("rooms knock off #nowhere:tyr.test", /leads nowhere/);
  await good("policy", /No protected room has a policy server/);
  await bad("policy #nowhere:tyr.test", /leads nowhere/);
  await bad("policy set 127.0.0.1:1", /I have no key of 127\.0\.0\.1:1/);
  await good("policy clear", /I know of no policy server/);
  await bad("policy clear #nowhere:tyr.test", /leads nowhere/);
  await bad("web", /There is no web page/);
  await bad("web cedar-lamp-47", /There is no web page/);
  await bad("web end 1", /No browser is in/);
  await good("roles", /Roles are off: everybody/);
  await bad("roles on --admin 50 --moderator 60", /Moderators need a lower level/);
  await good("roles on", /Roles by power level/);
  await good("roles off", /everybody in this room may do everything/);
  await good("reports", /No report waits/);
  await good("reports on", /From now on I hear what people report/);
  const [hall] = scene.rooms;
  const insult = await people["rude"]!.client.sendText(hall!, "an insult");
  const told = scene.said(/^Report 1/);
  await people["helper"]!.client.sendEvent(hall!, "m.room.message", {
    msgtype: "m.text",
    body: "!tyr report insults people",
    "m.relates_to": { "m.in_reply_to": { event_id: insult } },
  });
  await told;
  await good("reports 1", /insults people/);
  await bad("reports 7", /I know no report 7/);
  await good("reports take 1", /is yours/);
  await bad("reports take 7", /I know no report 7/);
  await good("reports show 1", /comes as a message of its own/);
  await scene.said(/an insult/);
  await bad("reports show seven", /I know no report seven/);
  await good("reports remove 1", /redacted 1 event/);
  await bad("reports remove 7", /I know no report 7/);
  await good("reports close 1", /is closed/);
  await bad("reports close 1 maybe", /is no way to close a report/);
  await good(`reports mute ${id("helper")} --for 1d`, /I do not hear what .* reports until/);
  await bad(`reports mute ${scene.moderatorId}`, /is one of you/);
  await good(`reports unmute ${id("helper")}`, /I hear again/);
  await bad(`reports unmute ${id("quiet")}`, /like anybody else/);
  await good("reports off", /no longer hear/);
  await good("appeals", /No appeal waits/);
  await good("appeals on", /can invite @tyr.* to a direct room/);
  await bad("appeals deny 999", /I know no appeal 999/);
  await good("appeals off", /can no longer write/);
  await good(`note ${id("rude")} promised to be kind`, /Noted about/);
  await bad("note rude", /is no user|not a user|user id|known here/);
  await good(`why ${id("rude")}`, /promised to be kind/);
  await good(`note remove ${id("rude")}`, /1 note about .* removed/);
  await bad(`note remove ${id("rude")}`, /nothing is noted about/);
  await good("staff", /No moderator's account has done more/);
  await bad(`staff trust ${scene.moderatorId}`, /You cannot say it of yourself/);
  await bad(`staff stop ${scene.moderatorId}`, /You cannot say it of yourself/);
  await bad(`staff undo ${id("quiet")}`, /nothing to take back/);
  await bad(`staff undo ${id("quiet")} since noon`, /neither a time of day/);
  await good(`shut ${aliases["garden"]} 1h`, /Closing Garden to all but the staff/);
  await shows("that only the staff can speak", neededToSpeak, [0, 50, 0]);
  await bad(`shut ${aliases["garden"]} soon`, /as a span of time/);
  await good("calm", /Opening .* again/);
  await shows("the garden as it was", () => powerLevels(garden!), before[1]);
  await bad("calm #nowhere:tyr.test", /leads nowhere/);
  await shows("all rooms as they were", powers, before);
  const { moderatorId } = scene;
  await good(`duty add ${moderatorId} 00:00-00:00 UTC`, /On duty: .*, daily/);
  await bad(`duty add ${moderatorId} 22:00-06:00 Nowhere`, /is no time zone/);
  await bad(`duty add ${id("quiet")} 22:00-06:00 UTC`, /is not in this room/);
  await good("duty", /On duty now: @mod/);
  await good("duty test", /Calling @mod.*, as a test/);
  await scene.said(/^This is a test call/);
  await good(`duty off ${moderatorId} 3d`, /is away until/);
  await scene.said(/answered the test call after/);
  await bad("duty test", /nobody is on duty now/);
  await bad(`duty off ${id("quiet")}`, /is not on the roster/);
  await good(`duty off ${moderatorId} back`, /is back\n/);
  await good(`duty remove ${moderatorId}`, /is no longer on the roster/);
  await bad(`duty remove ${moderatorId}`, /is not on the roster/);
  await good("report", /scams, 1 person/);
  await bad("report --for ever", /span of time/);

  expect(transcript.takeProblems()).toEqual([]);
}, 600_000);

test("what an administrator of the homeserver may do", async () => {
  const { client: uploader } = people["uploader"]!;
  const [uri, other] = [await upload(uploader, "something bad"), await upload(uploader, "something else")];
  const event = await uploader.sendEvent(scene.rooms[0]!, "m.room.message", {
    msgtype: "m.file",
    body: "a.txt",
    url: uri,
  });
  const doomed = await uploader.createRoom({ preset: "public_chat", name: "Doomed" });
  const account = () => look.account(id("leaving"));
  const well = { suspended: false, locked: false, deactivated: false };
  const handedOut = () => Promise.all([uri, other].map((file) => look.isHandedOut(file)));
  const levelThere = async () =>
    (await look.roomState(doomed))
      ?.filter(({ type }) => type === "m.room.power_levels")
      .map(({ content }) => (content["users"] as Readonly<Record<string, number>>)[scene.moderatorId]);

  await good(`suspend ${id("leaving")} rude`, /suspended @leaving/);
  await shows("the suspension", account, { ...well, suspended: true });
  await bad(`suspend ${scene.moderatorId}`, /moderators are never touched/);
  await good(`unsuspend ${id("leaving")}`, /lifted the suspension/);
  await shows("its end", account, well);
  await bad("unsuspend @who:elsewhere.example", /is an account of elsewhere\.example/);
  await good(`lock ${id("leaving")}`, /locked @leaving/);
  await shows("the lock", account, { ...well, locked: true });
  await bad("lock @who:elsewhere.example", /is an account of elsewhere\.example/);
  await good(`unlock ${id("leaving")}`, /unlocked @leaving/);
  await shows("its end", account, well);
  await bad("unlock everybody", /is not a user id/);
  await bad("avatar cat.jpg", /is not the address of a file/);
  await bad(`displayname ${"x".repeat(101)}`, /1 to 100 characters/);
  await good(`quarantine-media ${link(scene.rooms[0]!, event)}`, /quarantined 1 file/, {
    how: "by the link of a message",
  });
  await shows("the file of the message kept back", handedOut, [false, true]);
  await good(`unquarantine-media ${uri}`, /released 1 file/);
  await shows("the file handed out again", handedOut, [true, true]);
  await good(`quarantine-media ${uri} bad`, /quarantined 1 file/);
  await shows("the file kept back by its address", handedOut, [false, true]);
  await bad("quarantine-media cat.jpg", /I know nobody of cat\.jpg/);
  await bad("unquarantine-media cat.jpg", /is not the address of a file/);
  await good(`quarantine-media ${id("uploader")}`, /quarantined the files of/);
  await shows("all files of the person kept back", handedOut, [false, false]);
  await good(`make-admin ${doomed} ${scene.moderatorId}`, /gave power/);
  await shows("the moderator's level there", levelThere, [100]);
  await bad(`make-admin lobby`, /is not a room/);
  await good(`rooms info ${doomed}`, /called Doomed:[\s\S]*Anybody can join/);
  await bad("rooms info !nothing:elsewhere.example", /knows no room/);
  await good("rooms block !far:elsewhere.example spam", /blocked 1 room/);
  await bad(`rooms block ${aliases["lobby"]}`, /is a protected room/);
  await good("rooms unblock !far:elsewhere.example", /unblocked 1 room/);
  await bad("rooms unblock lobby", /is not a room/);
  const old = await uploader.createRoom({ preset: "public_chat", name: "Old" });
  await good(`rooms purge ${old}`, /shut down 1 room/);
  await bad(`rooms purge ${aliases["lobby"]}`, /is a protected room/);
  await bad(`shutdown ${doomed} --notify`, /needs a reason/);
  await good(`shutdown ${doomed} --notify This room was full of spam.`, /told why in !/);
  await shows("the room blocked", () => look.isBlocked(doomed), true);
  await bad(`shutdown ${aliases["lobby"]}`, /is a protected room; !tyr rooms remove .* comes first/);
  await shows("the lobby open", () => look.isBlocked(scene.rooms[0]!), false);
  await good(`deactivate ${id("leaving")}`, /deactivated @leaving/);
  await shows("the account closed", account, { ...well, deactivated: true });
  await bad("deactivate @who:elsewhere.example", /is an account of elsewhere\.example/);
  // Last, as the homeserver writes them into every room later.
  await good(`avatar ${uri}`, /there was none before/);
  await good("displayname Tyr the bot", /before: /);

  expect(transcript.takeProblems()).toEqual([]);
}, 600_000);

test("every command was said, well and badly", () => {
  const isSaid = (mark: string) =>
    new Set(transcript.exchanges.filter((said) => said.mark === mark).map(({ words }) => words.join(" ")));
  const [well, badly] = [isSaid("✅"), isSaid("❌")];
  // They take nothing that could be wrong, or answer whatever is asked.
  const cannotFail = [
    "status",
    "rooms",
    "lists",
    "exempt list",
    "bridges",
    "invitations",
    "protections",
    "questions",
    "stop",
    "sync",
    "verify",
    "waves",
    "staff",
    "roles",
    "roles off",
    "appeals",
    "appeals on",
    "appeals off",
    "reports on",
    "reports off",
    "duty",
  ];
  // They need a wave, and nobody attacks this community; in test/stories/waves.test.ts somebody does.
  const needsWave = ["waves fine", "waves clean", "waves excuse", "waves invite", "waves publish"];
  // They need somebody who knocks, and an account of a moderator's that runs wild: stories of both are in test/stories.
  const needsOthers = [
    "appeals deny",
    "knocks allow",
    "knocks deny",
    "staff trust",
    "staff stop",
    "staff undo",
  ];
  // It needs a policy server: test/e2e/policy-server.test.ts has one.
  const needsServer = ["policy set"];
  // They need a web page, a list of others, or two lists of which different people write: test/stories has them.
  const needsSettings = ["web", "web end", "lists propose", "lists apart"];
  const seenElsewhere = new Set([
    "yes",
    "no",
    ...needsWave,
    ...needsOthers,
    ...needsServer,
    ...needsSettings,
  ]);
  const all = [...new Set(commands.map(({ words }) => words.join(" ")))];

  expect(all.filter((words) => !well.has(words) && !seenElsewhere.has(words))).toEqual([]);
  expect(all.filter((words) => !badly.has(words) && !cannotFail.includes(words))).toEqual([]);
});

test("docs/transcript.md is what was said", () => {
  const page = transcript.page();
  const file = process.env["E2E_TRANSCRIPT"];
  if (file !== undefined) writeFileSync(file, page);

  expect({ renewedBy: renewal, says: comparable(readFileSync(pageFile, "utf8")) }).toEqual({
    renewedBy: renewal,
    says: comparable(page),
  });
});

/** How many warnings of Tyr each room has. */
async function warnings(): Promise<readonly number[]> {
  const messages = await Promise.all(scene.rooms.map((room) => look.messagesOf(room, scene.bot.userId)));
  return messages.map((those) => those.filter((one) => textOf(one).includes("please say more")).length);
}

async function powerLevels(room: string): Promise<Content> {
  return (await scene.moderator.getStateEvent(room, "m.room.power_levels")) ?? {};
}

function botClient(): TestClient {
  return new TestClient(synapse.url, scene.bot.accessToken);
}

/** The rooms that Tyr keeps in its account data, where its successor would find them. */
async function protectedRooms(): Promise<readonly string[]> {
  const content = await botClient().getAccountData("org.matrix.mjolnir.protected_rooms");
  return ((content?.["rooms"] ?? []) as string[]).toSorted();
}

/** The room that Tyr has made for a list: its type and its shortcode, as every client sees them. */
async function newList(shortcode: string): Promise<string> {
  const client = botClient();
  for (const room of await client.joinedRooms()) {
    const [create, named] = await Promise.all([
      client.getStateEvent(room, "m.room.create"),
      client.getStateEvent(room, "org.matrix.mjolnir.shortcode"),
    ]);
    if (create?.["type"] === "m.policy" && named?.["shortcode"] === shortcode) return room;
  }
  throw new Error(`Tyr is in no list called ${shortcode}`);
}

/** The names of the files that Tyr has sent to the moderators. */
async function files(): Promise<readonly string[]> {
  const { chunk } = await scene.moderator.messages(scene.managementRoom, { limit: 200 });
  return chunk
    .filter(({ sender, content }) => sender === scene.bot.userId && content["msgtype"] === "m.file")
    .map(({ content }) => String(content["filename"] ?? content["body"]));
}

async function upload(client: TestClient, text: string): Promise<string> {
  const response = await fetch(`${client.url}/_matrix/media/v3/upload?filename=a.txt`, {
    method: "POST",
    headers: { authorization: `Bearer ${client.accessToken}`, "content-type": "text/plain" },
    body: text,
  });
  return ((await response.json()) as { content_uri: string }).content_uri;
}

/** Names as a reader would choose them, in place of those that keep test runs apart. */
function readable(text: string): string {
  return text
    .replaceAll(`-${suffix()}`, "")
    .replaceAll("tyr.test", "example.org")
    .replace(/![A-Za-z0-9_-]{18,43}(:example\.org)?/g, "!room:example.org")
    .replace(/\$[A-Za-z0-9_-]{43}/g, "$event")
    .replace(/%21[A-Za-z0-9_-]{18,43}(%3Aexample\.org)?/g, "!room:example.org")
    .replace(/%24[A-Za-z0-9_-]{43}/g, "$event");
}
