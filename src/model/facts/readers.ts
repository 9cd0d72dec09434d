/** How each fact is told, by its name. A fact without a row here is never known; `waitsFor` says which part will feed it. */
import { asObject, asString } from "../../kit/json.ts";
import { keyOfText } from "../../kit/runs.ts";
import { bridgeOfGhost } from "../bridges.ts";
import { localpartOf, serverOf, type ServerName, type UserId } from "../ids.ts";
import { membershipAgeMs, membershipAgeOf } from "../signals/membership-age.ts";
import { mentions } from "../signals/mentions.ts";
import type { EventSighting, SightedWorld } from "../signals/sighting.ts";
import { imitates, offences, spoken, spokenAnywhere } from "./author-past.ts";
import { changeOf } from "./change.ts";
import { contactsIn } from "./contacts.ts";
import type { FactValue } from "./fact.ts";
import { kindsIn } from "./kinds.ts";
import { kindsOf } from "./kinds-of.ts";
import { namesInText } from "./names-in-text.ts";
import { keyOfMedia } from "./post-keys.ts";
import { activity } from "./activity.ts";
import { faultsOf } from "./faults.ts";
import { delay, editAfter, invitedBy, serverAge } from "./past.ts";
import { reportFacts } from "./report.ts";
import { countAt, type StaffCount } from "../staff/count.ts";
import { isProven } from "../reports/reporters.ts";
import type { Source } from "./source.ts";
import { carriesShared, stageOfWave, waveOf } from "./wave.ts";

type Read = (source: Source) => FactValue | undefined;

/** Undefined where the text cannot be read. */
const ifReadable =
  (read: Read): Read =>
  (source) =>
    source.said.isUnreadable ? undefined : read(source);

const event: Readonly<Record<string, Read>> = {
  kind: ({ sighting, said }) => kindsIn(kindsOf(sighting, said))[0],
  type: ({ sighting }) => sighting.event.type,
  late: ({
    sighting: {
      at,
      event: { sentAt },
    },
  }) => (sentAt > 0 ? Math.max(0, at - sentAt) : undefined),
  size: ({ sighting }) => JSON.stringify(sighting.event.content).length,
  faults: ({
    sighting: {
      event: { type, content },
    },
  }) => faultsOf(type, content),
  edit: ({ sighting }) => relationOf(sighting.event.content)?.["rel_type"] === "m.replace",
  edit_after: editAfter,
  reply: ({ said }) => asObject(relationOf(said.event.content)?.["m.in_reply_to"]) !== undefined,
  thread: ({ sighting }) => relationOf(sighting.event.content)?.["rel_type"] === "m.thread",
  sticky: ({ sighting }) => "org.matrix.msc4354.sticky" in sighting.event.content,
  encrypted: ({ said }) => said.isEncrypted,
};

function relationOf(content: Source["sighting"]["event"]["content"]) {
  return asObject(content["m.relates_to"]);
}

const text: Readonly<Record<string, Read>> = {
  "": ({ said }) => said.folded.text,
  raw: ({ said }) => said.looked,
  length: ({ measures }) => measures.length,
  lines: ({ measures }) => measures.lines,
  words: ({ measures }) => measures.words,
  capitals: ({ measures }) => measures.capitals,
  density: ({ measures }) => measures.density,
  repeat: ({ measures }) => measures.repeat,
  emoji: ({ measures }) => measures.emoji,
  marks: ({ measures }) => measures.marks,
  invisible: ({ measures }) => measures.invisible,
  padding: ({ measures }) => measures.padding,
  masked: ({ said }) => said.folded.masked,
  mentions: ({ sighting }) => mentions.of(sighting),
  names: namesInText,
  mentions_declared: ({ said }) => asObject(said.content["m.mentions"]) !== undefined,
  pings_room: ({ said }) => asObject(said.content["m.mentions"])?.["room"] === true,
  contacts: ({ said }) => contactsIn(said.looked),
  key: ({ said }) => keyOfText(said.folded.text),
};

const media: Readonly<Record<string, Read>> = {
  "": ({ media: found }) => (found ? 1 : 0),
  kind: ({ media: found }) => found?.kind,
  type: ({ media: found }) => found?.type,
  size: ({ media: found }) => found?.size,
  width: ({ media: found }) => found?.width,
  height: ({ media: found }) => found?.height,
  name: ({ media: found }) => found?.name,
  key: ({ media: found }) => found?.key,
  known: ({ media: found, sighting: { world, at } }) => {
    const key = found && keyOfMedia(found);
    return key === undefined ? undefined : world.stored.knownMedia.isKnown(key, at);
  },
  inline: ({ said }) => inlineOf(said.content) + said.html.images.length,
  inline_height: ({ said }) => {
    const heights = said.html.images.flatMap(({ height }) => height ?? []);
    return heights.length > 0 ? Math.max(...heights) : undefined;
  },
};

/** A reaction whose key is the address of a picture. */
function inlineOf(content: Source["sighting"]["event"]["content"]): number {
  return asString(relationOf(content)?.["key"])?.startsWith("mxc://") === true ? 1 : 0;
}

const author: Readonly<Record<string, Read>> = {
  id: ({ sighting }) => sighting.user,
  localpart: ({ sighting }) => localpartOf(sighting.user),
  server: ({ sighting }) => serverOf(sighting.user),
  display: ({
    sighting: {
      event: { content },
    },
  }) => asString(content["displayname"]),
  avatar: ({
    sighting: {
      event: { content },
    },
  }) => asString(content["avatar_url"]),
  age: ({ sighting }) => membershipAgeMs.of(sighting),
  age_anywhere: ageAnywhere,
  spoken,
  spoken_anywhere: spokenAnywhere,
  delay,
  invited_by: invitedBy,
  days: ({ sighting: { world, user } }) => world.regulars.get(user)?.days ?? 0,
  flagged: ({ sighting: { world, user } }) => world.stored.flags.has(user),
  regular: ({ sighting: { world, user, at } }) => world.regulars.isRegular(user, at),
  staff: isStaff,
  trusted: (source) =>
    isStaff(source) || source.sighting.world.regulars.isRegular(source.sighting.user, source.sighting.at),
  level: ({ sighting: { world, room, user } }) => levelOf(world.rooms.get(room)?.power.of(user)),
  rooms: ({ sighting: { world, user } }) => world.protectedRoomsOf(user).length,
  heat: ({ sighting: { world, user, at } }) => world.stored.heat.of(user, at),
  offences,
  imitates,
  reporter: ({ sighting: { world, user } }) => isProven(world.stored.reporters.get(user)),
  bridged: ({ sighting: { world, user } }) => bridgeOfGhost(user, world.settings) !== undefined,
  local: ({ sighting: { world, user } }) => serverOf(user) === serverOf(world.self),
  name_words: ({ sighting }) =>
    localpartOf(sighting.user)
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean).length,
  name_length: ({ sighting }) => localpartOf(sighting.user).length,
  name_hex: ({ sighting }) => /^(?=.*\d)[0-9a-f]{8,}$/i.test(localpartOf(sighting.user)),
};

/** Since the first join that we saw, of the rooms in which they are. */
function ageAnywhere({ sighting: { world, user, at } }: Source): number | undefined {
  const ages = world
    .protectedRoomsOf(user)
    .flatMap((room) => membershipAgeOf(world, { room, user, at }) ?? []);
  return ages.length > 0 ? Math.max(...ages) : undefined;
}

function isStaff({ sighting: { world, room, user } }: Source): boolean {
  return world.isSpared(user) || world.rooms.get(room)?.power.isAboveUsual(user) === true;
}

/** Creators of rooms of version 12 stand above all numbers. */
function levelOf(level: number | undefined): number | undefined {
  return level === Infinity ? Number.MAX_SAFE_INTEGER : level;
}

/** So many are counted, and so many looked at: nothing that an event asks for may cost as much as a server has people. */
const mostCounted = 100;
const mostLooked = 1_000;

function countUpTo(users: Iterable<UserId>, counts: (user: UserId) => boolean): number {
  let [count, looked] = [0, 0];
  for (const user of users) {
    if (counts(user)) count++;
    if (count === mostCounted || ++looked === mostLooked) break;
  }
  return count;
}

const server: Readonly<Record<string, Read>> = {
  age: serverAge,
  people: ({ sighting: { world, user } }) =>
    countUpTo(world.members.usersOfServer(serverOf(user)), () => true),
  regulars: ({ sighting: { world, user, at } }) =>
    countUpTo(world.members.usersOfServer(serverOf(user)), (one) => world.regulars.isRegular(one, at)),
  home: ({ sighting: { world, user } }) => isHome(serverOf(user), world),
};

function isHome(name: ServerName, world: SightedWorld): boolean {
  if (name === serverOf(world.self)) return true;
  for (const one of world.spared()) if (serverOf(one) === name) return true;
  return false;
}

const room: Readonly<Record<string, Read>> = {
  id: ({ sighting }) => sighting.room,
  members: ({ sighting: { world, room: id } }) => world.members.joinedCount(id),
  ...activity,
  mode: ({ sighting: { world, room: id, at } }) => world.stored.roomModes.of(id, at),
  public: ({ sighting: { world, room: id } }) => world.rooms.get(id)?.isPublic,
  encrypted: ({ sighting: { world, room: id } }) => world.rooms.get(id)?.isEncrypted === true,
};

const change: Readonly<Record<string, Read>> = {
  what: ({ sighting }) => changeOf(sighting.event.type),
  text: ({ said }) => asString(said.content["name"]) ?? asString(said.content["topic"]),
};

const wave: Readonly<Record<string, Read>> = {
  state: stageOfWave,
  accounts: (source) => waveOf(source)?.wave.accounts ?? 0,
  bits: (source) => Math.round(waveOf(source)?.member.bits ?? 0),
  shared: carriesShared,
};

const counts = new WeakMap<EventSighting, StaffCount>();

/** Once for each event, whatever of it is asked for. */
function counted({ sighting }: Source): StaffCount {
  let found = counts.get(sighting);
  if (!found) counts.set(sighting, (found = countAt(sighting.user, sighting.event.eventId, sighting.world)));
  return found;
}

const act: Readonly<Record<string, Read>> = {
  kind: ({ sighting: { user, event, world } }) => world.stored.staffActs.get(user, event.eventId)?.kind,
  removals: (source) => counted(source).removals,
  levels: (source) => counted(source).levels,
  changes: (source) => counted(source).changes,
};

export const readers: ReadonlyMap<string, Read> = new Map([
  ...rowsOf("event", event),
  ...rowsOf("text", text).map(([name, read]) => [name, ifReadable(read)] as const),
  ...rowsOf("media", media).map(([name, read]) => [name, ifReadable(read)] as const),
  ["links", ifReadable(({ said }) => said.links.length)] as const,
  ...rowsOf("author", author),
  ...rowsOf("server", server),
  ...rowsOf("room", room),
  ...rowsOf("change", change),
  ...rowsOf("wave", wave),
  ...rowsOf("act", act),
  ...rowsOf("report", reportFacts),
]);

function rowsOf(thing: string, rows: Readonly<Record<string, Read>>): readonly (readonly [string, Read])[] {
  return Object.entries(rows).map(([word, read]) => [word === "" ? thing : `${thing}.${word}`, read]);
}
