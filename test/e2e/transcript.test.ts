// Every command said on a real Synapse, with good and with bad arguments, by id, alias, pill, link and reply. What was
// said is docs/transcript.md, written where E2E_TRANSCRIPT names the file.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { usageOf } from "../../src/commands/help-text.ts";
import { commands } from "../../src/commands/index.ts";
import { TestClient, textOf, type Content, type MatrixEvent } from "../support/synapse/client.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let root: TestClient;
const people: Record<string, { readonly userId: string; readonly client: TestClient }> = {};
const aliases: Record<string, string> = {};

const names = ["rude", "loud", "helper", "quiet", "wave1", "wave2", "uploader", "leaving"] as const;
type Name = (typeof names)[number];

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 3 });
  root = new TestClient(synapse.url, (await synapse.registerUser("root", { admin: true })).accessToken);
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
const relation = ({ content }: MatrixEvent) => (content["m.relates_to"] ?? {}) as Record<string, unknown>;

interface Sighting {
  readonly words: readonly string[];
  readonly line: string;
  readonly how: string;
  readonly mark: string;
  readonly answer: string;
}
const transcript: Sighting[] = [];

/** Says it, answers yes if Tyr asks, and waits for the mark. */
async function say(
  line: string,
  { content = {}, how = "" }: { content?: Content; how?: string } = {},
): Promise<Sighting> {
  const { moderator, managementRoom, bot } = scene;
  const body = `!tyr ${line}`;
  const event = await moderator.sendEvent(managementRoom, "m.room.message", {
    msgtype: "m.text",
    body,
    ...content,
  });
  const isMark = (one: MatrixEvent) =>
    one.type === "m.reaction" && one.sender === bot.userId && relation(one)["event_id"] === event;
  const isAnswer = (one: MatrixEvent) =>
    one.sender === bot.userId &&
    (relation(one)["m.in_reply_to"] as Content | undefined)?.["event_id"] === event;
  const isQuestion = (one: MatrixEvent) => isAnswer(one) && textOf(one).startsWith("Question ");
  const first = await moderator.until((one) => isMark(one) || isQuestion(one), {
    what: `an answer to ${line}`,
  });
  let asked = "";
  if (isQuestion(first.event)) {
    asked = `${textOf(first.event)}\n\n(a moderator reacts with ✅)\n\n`;
    await moderator.sendEvent(managementRoom, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: first.event.event_id, key: "✅" },
    });
  }
  const { event: mark } = await moderator.until(isMark, { what: `the mark on ${line}` });
  await moderator.until((one) => isAnswer(one) && !isQuestion(one), {
    what: `the words on ${line}`,
  });
  const ours = moderator
    .allSeen((one) => one.sender === bot.userId && textOf(one) !== "")
    .map((one) => one.event);
  const answer = ours.findLast((one) => isAnswer(one) && !isQuestion(one))!;
  const newest = ours.findLast((one) => relation(one)["event_id"] === answer.event_id) ?? answer;
  const wordings = commands.flatMap(({ words, also }) =>
    [words, ...also].map((wording) => ({ words, wording })),
  );
  const command = wordings
    .filter(({ wording }) => `${line} `.startsWith(`${wording.join(" ")} `))
    .toSorted((a, b) => b.wording.length - a.wording.length)[0];
  const said = {
    words: command?.words ?? [],
    line: body,
    how,
    mark: String(relation(mark)["key"]),
    answer: `${asked}${textOf(newest).replace(/^\* /, "")}`,
  };
  transcript.push(said);
  return said;
}

/** What was not answered as it should be: told all together, so that one run shows everything. */
let mismatches: object[] = [];
const expecting =
  (mark: string) =>
  async (line: string, pattern: RegExp, more?: Parameters<typeof say>[1]): Promise<Sighting> => {
    const said = await say(line, more);
    if (said.mark !== mark || !pattern.test(said.answer))
      mismatches.push({ wanted: `${mark} ${pattern.source}`, ...said });
    return said;
  };
const good = expecting("✅");
const bad = expecting("❌");
const thatAll = () => {
  const those = mismatches;
  mismatches = [];
  return those;
};
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
  const [lobby, garden] = scene.rooms;
  const first = await people["rude"]!.client.sendText(lobby!, "something rude");
  await people["rude"]!.client.sendText(garden!, "more of it");

  await good("help", /All \d+ commands/);
  await bad("help bann", /Did you mean !tyr help ban/);
  await good("status", /3 protected rooms/);
  await bad("statsu", /Did you mean !tyr status/);
  const banned = await good(`ban ${id("rude")} coc spam`, /banned .* in 3 rooms/);
  await bad("ban nobody-by-that-name coc", /nobody-by-that-name/);
  await bad(`ban ${id("loud")} spam —fro 7d`, /Did you mean --for/);
  await good(`why ${id("rude")}`, /as @mod-.* said ban/);
  await bad("why", /which is needed|Whom|missing|about/i);
  await good(`undo ${numberIn(banned.answer)}`, /unbanned/);
  await bad("undo 999", /I know nothing under 999/);
  const pilled = `ban ${id("loud")} coc too loud`;
  await good(pilled, /banned .*loud.* in 3 rooms/, pill(pilled, "loud", "Loud Person"));
  await good("unban", /unbanned .*loud/, replying(newestOfTyr(/Ban of .*loud/), "Tyr's answer to that ban"));
  await bad("unban not-an-id", /not-an-id/);
  for (const name of ["loud", "rude"] as const)
    await Promise.all(scene.rooms.map((room) => people[name]!.client.join(room)));
  await good(`kick ${link(id("loud"))} ${aliases["garden"]} calm down`, /kicked .* in 1 room/, {
    how: "by links",
  });
  await bad(`kick ${id("loud")} ${aliases["garden"]}`, /is not in/);
  await good(`mute matrix:u/${id("loud").slice(1)} --for 1d`, /muted .* in 2 rooms/, {
    how: "by a matrix: URI",
  });
  await bad(`mute ${id("loud")} --for ever`, /span of time/);
  await good(`unmute ${id("loud")}`, /unmuted .* in 2 rooms/);
  await bad(`unmute ${id("loud")} #nowhere:tyr.test`, /leads nowhere/);
  await good(`warn ${id("quiet")} please say more`, /Warning to/);
  await bad(`warn ${id("quiet")}`, /text|say/i);
  await good(`redact ${link(lobby!, first)} off topic`, /redacted 1 event/, {
    how: "by the link of a message",
  });
  await good(`redact ${id("rude")} --limit 10 spam`, /had the homeserver redact|redacted/);
  await bad(`redact ${id("rude")} --limit many`, /whole number/);
  await good("since 1h show", /joined in the last 1 hour/);
  await good(`since 1h mute ${aliases["attic"]}`, /muted/);
  await good(`since 1h unmute ${aliases["attic"]}`, /unmuted/);
  await bad("since yesterday kick", /span of time/);
  await good("ban @wave*:tyr.test coc raid", /banned 2 people in 3 rooms/);
  await good(`powerlevel ${id("helper")} moderator ${aliases["lobby"]}`, /set the power level of/);
  await bad(`powerlevel ${id("helper")} boss`, /is no level/);
  await good(`exempt add ${id("helper")} our helper`, /Exempting/);
  await bad("exempt add *", /would exempt everybody/);
  await good("exempt list", /our helper/);
  await good(`exempt remove ${id("helper")}`, /No longer exempting/);
  await bad(`exempt remove ${id("helper")}`, /is not exempt/);

  expect(thatAll()).toEqual([]);
}, 600_000);

test("rooms, lists, rules, protections, questions, and what is around them", async () => {
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

  await good("rooms", /3 protected rooms/);
  await good(`rooms add ${spare}`, /Protecting/);
  await bad("rooms add lobby", /is not a room/);
  await good(`rooms remove ${link(spare)}`, /No longer protecting/, { how: "by a link" });
  await bad(`rooms remove ${spare}`, /is not protected/);
  await good("lists", /1 list/);
  await good("lists create second", /made 1 list/);
  await bad("lists create coc", /already watch a list called coc/);
  await good("lists default coc", /is the default now/);
  await bad("lists default cocc", /Did you mean coc/);
  await good(`lists preview ${foreign}`, /1 rule/);
  await bad("lists preview #nowhere:tyr.test", /leads nowhere/);
  await good(`lists watch ${foreign}`, /Watching/);
  await bad("lists watch #nowhere:tyr.test", /leads nowhere/);
  await bad("lists wach #x:y", /Did you mean !tyr lists watch/);
  await good(`lists unwatch ${foreign}`, /No longer watching/);
  await bad("lists unwatch nothing", /is not a list/);
  await scene.moderator.ban(spare, id("quiet"), "was rude there");
  await good(`lists import ${spare} second`, /1 rule|wrote 1/);
  await bad("lists import #nowhere:tyr.test second", /leads nowhere/);
  await good("lists export coc", /sent 1 file/);
  await bad("lists export nothing", /is not a list/);
  await good("rules coc", /rule/);
  await bad("rules show nothing", /nothing/);
  await good("rules matching @wave1:tyr.test", /wave/);
  await bad("rules matching", /who/);
  await good("rules search raid", /1 rule on 1 list/);
  await bad("rules search", /text/);
  await good("protections", /flood/);
  await good("protections enable flood", /flood is on/);
  await bad("protections enable flod", /Did you mean flood/);
  await good("protections set flood response warn redact+mute redact+ban", /becomes/);
  await bad("protections set flood limit lots", /whole number from 2 to 100/);
  await good(`protections show flood ${aliases["lobby"]}`, /limit is 10 messages/);
  await bad("protections show flod", /Did you mean flood/);
  await good("protections disable flood", /flood is off/);
  await bad("protections disable everything", /There is no protection everything/);
  await good("questions", /Nothing waits/);
  await bad("yes 999", /No question is open/);
  await bad("no 999", /No question is open/);
  await good(`resolve ${aliases["lobby"]}`, /!/);
  await bad("resolve #nowhere:tyr.test", /leads nowhere/);
  await good(`alias add #extra-${suffix()}:tyr.test ${aliases["lobby"]}`, /made 1 alias/);
  await bad(`alias add extra ${aliases["lobby"]}`, /extra/);
  await good(`alias move #extra-${suffix()}:tyr.test ${aliases["garden"]}`, /alias/);
  await bad(`alias move #nothing-${suffix()}:tyr.test ${aliases["garden"]}`, /nothing/);
  await good(`alias remove #extra-${suffix()}:tyr.test`, /removed 1 alias/);
  await bad(`alias remove #extra-${suffix()}:tyr.test`, /leads nowhere|no room|not/);
  await good(`directory add ${aliases["lobby"]}`, /listed/);
  await bad("directory add lobby", /is not a room/);
  await good(`directory remove ${aliases["lobby"]}`, /took/);
  await bad("directory remove lobby", /is not a room/);
  await good("sync", /read again|Reading/);
  await good("verify", /room/);
  await good("config guard.maxPeople", /50/);
  await bad("config guard.maxPeeple", /Did you mean/);
  await good("understand mjolnir", /!mjolnir/);
  await bad("understand mjolnr", /Did you mean|mjolnir/);

  expect(thatAll()).toEqual([]);
}, 600_000);

test("what an administrator of the homeserver may do", async () => {
  const response = await fetch(`${synapse.url}/_matrix/media/v3/upload?filename=a.txt`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${people["uploader"]!.client.accessToken}`,
      "content-type": "text/plain",
    },
    body: "something bad",
  });
  const uri = ((await response.json()) as { content_uri: string }).content_uri;
  const event = await people["uploader"]!.client.sendEvent(scene.rooms[0]!, "m.room.message", {
    msgtype: "m.file",
    body: "a.txt",
    url: uri,
  });
  const doomed = await people["uploader"]!.client.createRoom({ preset: "public_chat", name: "Doomed" });

  await good(`suspend ${id("leaving")} rude`, /suspended/);
  await bad(`suspend ${scene.moderatorId}`, /moderators are never touched/);
  await good(`unsuspend ${id("leaving")}`, /lifted the suspension/);
  await bad("unsuspend @who:elsewhere.example", /elsewhere.example/);
  await good(`lock ${id("leaving")}`, /locked/);
  await bad("lock @who:elsewhere.example", /elsewhere.example/);
  await good(`unlock ${id("leaving")}`, /unlocked/);
  await bad("unlock everybody", /everybody/);
  await good(`quarantine-media ${link(scene.rooms[0]!, event)}`, /quarantined 1 file/, {
    how: "by the link of a message",
  });
  await good(`unquarantine-media ${uri}`, /released 1 file/);
  await good(`quarantine-media ${uri} bad`, /quarantined 1 file/);
  await bad("quarantine-media cat.jpg", /cat.jpg/);
  await bad("unquarantine-media cat.jpg", /cat.jpg/);
  await good(`quarantine-media ${id("uploader")}`, /quarantined/);
  await good(`make-admin ${doomed} ${scene.moderatorId}`, /gave power/);
  await bad(`make-admin lobby`, /is not a room/);
  await good(`shutdown ${doomed} spam`, /shut down/);
  await bad(`shutdown ${aliases["lobby"]}`, /protected/);
  await good(`deactivate ${id("leaving")}`, /deactivated/);
  await bad("deactivate @who:elsewhere.example", /elsewhere.example/);

  expect(thatAll()).toEqual([]);
}, 600_000);

test("every command was said, well and badly", () => {
  const isSaid = (mark: string) =>
    new Set(transcript.filter((said) => said.mark === mark).map(({ words }) => words.join(" ")));
  const [well, badly] = [isSaid("✅"), isSaid("❌")];
  // They take nothing that could be wrong, or answer whatever is asked.
  const cannotFail = [
    "status",
    "rooms",
    "lists",
    "exempt list",
    "protections",
    "questions",
    "sync",
    "verify",
  ];
  const all = [...new Set(commands.map(({ words }) => words.join(" ")))];

  expect(all.filter((words) => !well.has(words) && !["yes", "no"].includes(words))).toEqual([]);
  expect(all.filter((words) => !badly.has(words) && !cannotFail.includes(words))).toEqual([]);
  const file = process.env.E2E_TRANSCRIPT;
  if (file !== undefined) writeFileSync(file, page());
});

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

function page(): string {
  const intro = [
    "# A transcript",
    "",
    `Every command of Tyr, said in the management room of a real Synapse with good and with bad arguments. Written by \`E2E_TRANSCRIPT=docs/transcript.md npm run test:e2e -- test/e2e/transcript.test.ts\`; [commands.md](commands.md) explains the commands.`,
    "",
  ];
  const usages = commands.map(usageOf);
  const parts = transcript.map(({ line, how, mark, answer }) =>
    [
      `\`\`\`\n> ${readable(line)}${how === "" ? "" : `    (${how})`}`,
      mark,
      `${readable(answer)}\n\`\`\``,
      "",
    ].join("\n"),
  );
  return [...intro, `${usages.length} commands, ${transcript.length} times.`, "", ...parts].join("\n");
}
