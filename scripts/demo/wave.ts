// The last act: sixty accounts come at once, the rooms are closed to them, they are cleaned up, and all of it is taken back.

import { ask } from "../../test/support/synapse/conversation.ts";
import { type MatrixEvent, type SeenEvent, textOf } from "../../test/support/synapse/client.ts";
import { makeWave, type SynapseWave } from "../../test/support/synapse/wave.ts";
import { redacts, seenBy } from "./seen.ts";
import type { Community } from "./community.ts";
import { heading, quote, type Row, show } from "./screen.ts";

const accounts = 60;
const roomsEach = 2;
const levelsType = "m.room.power_levels";

/** A wave of spam is contained, cleaned up, and taken back by one line. */
export async function wave(community: Community): Promise<readonly Row[]> {
  heading(`the last act is a wave: ${accounts} accounts with masked words. Olga wants help against such`);
  await timed(community, "!tyr protections enable wave-harmful");
  const { rooms, server } = community;
  const home = { url: server.url, serverName: "", registerUser: (name: string) => server.register(name) };
  const those = await makeWave({ homes: [home], rooms, count: accounts, roomsEach, mask: "twins" });
  const before = await levelsOf(community);
  const rows = [await contained(community, those), ...(await cleaned(community, those))];
  return [...rows, ...(await takenBack(community, those, before))];
}

async function contained(community: Community, those: SynapseWave): Promise<Row> {
  const { rooms, observer, moderator } = community;
  show("they come, and each writes into two rooms as soon as it is there");
  const begun = performance.now();
  const writes = () => observer.client.allSeen(isClosing(community));
  const areAllClosed = () => new Set(writes().map(({ roomId }) => roomId)).size === rooms.length;
  const [{ at: closed }] = await Promise.all([
    observer.client.until(areAllClosed, { what: "the end of it in all rooms" }),
    those.strikes(),
  ]);
  const { event } = await moderator.until(isQuestion, { what: "the question about the wave" });
  quote(textOf(event));
  for (const room of rooms) await observer.client.sendText(room, "what was that?");
  const different = new Set(writes().map(({ event }) => event.event_id)).size;
  return {
    what: "a wave comes",
    seen: `${rooms.length} of ${rooms.length} rooms closed to newcomers by ${different} writes; a regular speaks on in all`,
    ms: closed - begun,
  };
}

async function cleaned(community: Community, those: SynapseWave): Promise<readonly Row[]> {
  const { observer, moderator, managementRoom } = community;
  const question = moderator.allSeen(isQuestion)[0]!.event;
  show("olga taps ⛔");
  const tapped = performance.now();
  const relation = { rel_type: "m.annotation", event_id: question.event_id, key: "⛔" };
  await moderator.sendEvent(managementRoom, "m.reaction", { "m.relates_to": relation });
  const users = new Set(those.accounts.map(({ userId }) => userId));
  const messages = observer.client.allSeen(
    (event) => users.has(event.sender) && event.type === "m.room.message" && textOf(event) !== "",
  );
  const spoke = new Set(messages.map(({ event }) => event.sender));
  const bans = (user: string) => (event: MatrixEvent) =>
    event.state_key === user && event.content.membership === "ban";
  const banned = await Promise.all(
    [...spoke].map((user) => seenBy(observer, bans(user), { count: 1, since: tapped })),
  );
  const { event: told } = await moderator.until(isDone, { what: "what was done about the wave" });
  quote(textOf(told));
  const times = messages.map((message) => visibleMs(message, observer.client.seen));
  const left = (await those.messages(observer.client)).filter((event) => textOf(event) !== "");
  const all = accounts * roomsEach;
  return [
    {
      what: "what it wrote",
      seen: `${messages.length} of ${all} messages reached the rooms, and were seen for so long at most`,
      ms: Math.max(...times),
    },
    {
      what: "a tap at its question",
      seen: `${spoke.size} accounts banned that had written, ${left.length} of their messages left; the others could not say a word`,
      ms: Math.max(...banned) - tapped,
    },
  ];
}

async function takenBack(
  community: Community,
  those: SynapseWave,
  before: readonly string[],
): Promise<readonly Row[]> {
  const { observer, moderator, rooms } = community;
  const number = /undo (\d+)/.exec(textOf(moderator.allSeen(isDone)[0]!.event))![1]!;
  const opened = await timed(community, `!tyr release ${number}`);
  const after = await levelsOf(community);
  const same = after.filter((levels, i) => levels === before[i]).length;
  const undone = await timed(community, `!tyr undo ${number}`);
  const banned = await those.withMembership(observer.client, "ban");
  return [
    {
      what: "rooms opened again",
      seen: `the power levels of ${same} of ${rooms.length} rooms as they were, to the letter`,
      ms: opened,
    },
    { what: "undo of the wave", seen: `${banned.size} of ${accounts} accounts banned`, ms: undone },
  ];
}

const isQuestion = (event: MatrixEvent) => /^Question \d+:\nA wave of spam/.test(textOf(event));
const isDone = (event: MatrixEvent) => /wave of[^]*banned \d+ people[^]*undo \d+/.test(textOf(event));
const isClosing =
  ({ bot, rooms }: Community) =>
  (event: MatrixEvent, room: string) =>
    event.type === levelsType && event.sender === bot.userId && rooms.includes(room);

function levelsOf({ rooms, moderator }: Community): Promise<readonly string[]> {
  return Promise.all(
    rooms.map(async (room) => JSON.stringify(await moderator.getStateEvent(room, levelsType))),
  );
}

/** Until it has gone: removed by itself, or with all that its author wrote (MSC4293). */
function visibleMs({ event, roomId, at }: SeenEvent, seen: readonly SeenEvent[]): number {
  const end = seen.find(
    (one) =>
      one.roomId === roomId &&
      ((one.event.type === "m.room.redaction" && redacts(one.event) === event.event_id) ||
        (one.event.state_key === event.sender && one.event.content.membership === "ban")),
  );
  return (end?.at ?? performance.now()) - at;
}

async function timed(community: Community, command: string): Promise<number> {
  show(`olga types: ${command}`);
  const begun = performance.now();
  const { text } = await ask(community, command);
  quote(text);
  return performance.now() - begun;
}
