// What happens in the demo, act by act: each is told, done, and looked at through the eyes of another user, and gives
// the rows of the table at the end.

import { ask } from "../../test/support/synapse/conversation.ts";
import { type MatrixEvent, textOf } from "../../test/support/synapse/client.ts";
import type { Community } from "./community.ts";
import { heading, quote, type Row, show } from "./screen.ts";
import { redacts, seenBy } from "./seen.ts";

/** A spammer is banned by one command, in all rooms, and what they wrote goes. */
export async function banBySpam(community: Community): Promise<readonly Row[]> {
  const { rooms, observer } = community;
  const spammer = await community.person("spammer", rooms);
  const spam = new Set<string>();
  for (const room of rooms)
    spam.add(await spammer.client.sendText(room, "BUY MY COINS https://coins.example"));
  heading(`a spammer has written in all ${rooms.length} rooms`);
  await seenBy(observer, (event) => textOf(event).startsWith("BUY MY COINS"), { count: rooms.length });

  const command = `!tyr ban ${spammer.userId} ours spam`;
  const answer = say(community, command);
  const banned = await membershipsSeen(community, spammer.userId, { membership: "ban", where: rooms });
  const cleaned = await seenBy(
    observer,
    (event) => event.type === "m.room.redaction" && spam.has(redacts(event)),
    { count: rooms.length },
  );
  quote(await answer.text);
  return [
    {
      what: "ban by command",
      seen: `the ban in ${rooms.length} of ${rooms.length} rooms`,
      ms: banned - answer.saidAt,
    },
    {
      what: "what they wrote",
      seen: `${spam.size} of ${spam.size} messages gone`,
      ms: cleaned - answer.saidAt,
    },
  ];
}

/** A list of others brings a ban of a whole server: no room lets it in any more. */
export async function serverBanByList(community: Community): Promise<readonly Row[]> {
  const { rooms, observer, editor, sharedList } = community;
  heading("the editor of the list of others bans a server there: evil.example");
  const begun = performance.now();
  const rule = { entity: "evil.example", recommendation: "m.ban", reason: "malware" };
  await editor.client.sendState(sharedList, "m.policy.rule.server", "server-1", rule);
  const closed = await seenBy(
    observer,
    (event) =>
      event.type === "m.room.server_acl" &&
      Array.isArray(event.content.deny) &&
      event.content.deny.includes("evil.example"),
    { count: rooms.length },
  );
  show(`closed to evil.example: ${rooms.length} rooms`);
  return [
    {
      what: "server ban by a list",
      seen: `the server ACL in ${rooms.length} of ${rooms.length} rooms`,
      ms: closed - begun,
    },
  ];
}

/** The list names a person, who is banned where they are; they come back in another room, and are banned there. */
export async function banOnJoin(community: Community): Promise<readonly Row[]> {
  const { rooms, editor, sharedList } = community;
  const [first, second] = [rooms[0]!, rooms[7]!];
  const listed = await community.person("listed", [first]);
  heading(`the editor bans a person who is in one of our rooms: ${listed.userId}`);
  const begun = performance.now();
  const rule = { entity: listed.userId, recommendation: "m.ban", reason: "harassment" };
  await editor.client.sendState(sharedList, "m.policy.rule.user", "user-1", rule);
  const banned = await membershipsSeen(community, listed.userId, { membership: "ban", where: [first] });
  show("banned where they were; now they join another of our rooms");
  await listed.client.join(second);
  const joined = performance.now();
  const again = await membershipsSeen(community, listed.userId, { membership: "ban", where: [second] });
  show("and are banned there, too");
  return [
    { what: "ban by a list", seen: "the ban in the room where they were", ms: banned - begun },
    {
      what: "ban at the next join",
      seen: "the ban in the room they joined",
      ms: Math.max(0, again - joined),
    },
  ];
}

/** The first ban is taken back: the rule goes, and the ban in every room. */
export async function undoBan(community: Community): Promise<readonly Row[]> {
  const { rooms } = community;
  heading("the ban was a mistake: it is taken back");
  const answer = say(community, "!tyr undo 1");
  const spammer = community.bot.userId.replace("@tyr:", "@spammer:");
  const lifted = await membershipsSeen(community, spammer, {
    membership: "leave",
    where: rooms,
    since: answer.saidAt,
  });
  quote(await answer.text);
  return [
    {
      what: "undo",
      seen: `the ban lifted in ${rooms.length} of ${rooms.length} rooms`,
      ms: lifted - answer.saidAt,
    },
  ];
}

/** What must not happen: nobody else is touched. */
export async function countUntouched({ rooms, regulars, observer }: Community): Promise<string> {
  const here = new Set<string>();
  for (const room of rooms)
    for (const [user, membership] of await observer.client.members(room))
      if (membership === "join") here.add(user);
  return `${regulars.filter(({ userId }) => here.has(userId)).length} of ${regulars.length} regulars untouched`;
}

/** The moderator types a command. */
function say(
  community: Community,
  command: string,
): { readonly saidAt: number; readonly text: Promise<string> } {
  show(`olga types: ${command}`);
  const saidAt = performance.now();
  return { saidAt, text: ask(community, command).then(({ text }) => text) };
}

function membershipsSeen(
  { observer, bot }: Community,
  user: string,
  { membership, where, since = 0 }: { membership: string; where: readonly string[]; since?: number },
): Promise<number> {
  const matches = (event: MatrixEvent, room: string) =>
    where.includes(room) &&
    event.state_key === user &&
    event.sender === bot.userId &&
    event.content.membership === membership;
  return seenBy(observer, matches, { count: where.length, since });
}
