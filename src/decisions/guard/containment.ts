/** What must not be done to contain a room: regulars are never silenced, nobody is given power by it, and it fits into an event. */
import { code, count, say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { serverOf, type RoomId } from "../../model/ids.ts";
import { roomNamed } from "../../model/named.ts";
import { readLevel } from "../../model/power-levels.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { isRoomForLevel, mostBytes, mostNames } from "../waves/voice.ts";
import type { Objection } from "./spared-people.ts";

interface View {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
}

export function fitsIntoAnEvent(action: ActionOf<"contain">, { world }: View): Objection | undefined {
  const names = action.changes.filter(({ path }) => path.length === 2 && path[0] === "users").length;
  if (names > mostNames)
    return {
      why: say`that would name ${count(names, "person", "people")} in the power levels, and ${String(mostNames)} are the most`,
      key: `names ${action.room}`,
    };
  const bytes = Buffer.byteLength(JSON.stringify(world.contentAfter(action) ?? {}));
  return bytes > mostBytes
    ? {
        why: say`the power levels of ${nameOf(action.room, world)} would take ${String(Math.round(bytes / 1000))} kB, and an event may not be much larger than ${String(mostBytes / 1000)}`,
        key: `size ${action.room}`,
      }
    : undefined;
}

/** Where only newcomers are to be silenced, that is who is: not regulars, moderators or exempt people. */
export function keepsVoices(action: ActionOf<"contain">, view: View): Objection | undefined {
  const { world } = view;
  const power = world.rooms.get(action.room)?.power;
  const level = voiceOf(action);
  if (!power || level === undefined || level > power.usualLevel + 1) return undefined;
  if (!isRoomForLevel(power, level))
    return {
      why: say`people named at level ${level} in ${nameOf(action.room, world)} could do more there than speak`,
      key: `no level ${action.room}`,
    };
  const named = new Set(action.changes.flatMap(({ path }) => (path[0] === "users" ? (path[1] ?? []) : [])));
  for (const user of world.members.membersOf(action.room, ["join"])) {
    const own = power.of(user);
    const isSilenced = own < level && own >= power.usualLevel && !named.has(user);
    if (!isSilenced || user === world.self) continue;
    if (isLeftAlone(user, view) || world.regulars.isRegular(user, world.now))
      return { why: say`that would silence ${code(user)}`, key: `silences ${action.room} ${user}` };
  }
  return undefined;
}

/** The level that is asked for to speak; undefined where that is not changed. */
function voiceOf({ key, changes }: ActionOf<"contain">): number | undefined {
  if (key !== "levels") return undefined;
  const voice = changes.find(({ path: [table] }) => table === "events_default" || table === "events");
  return readLevel(voice?.ours);
}

export function keepsOurServers(
  { room, servers }: ActionOf<"deny-servers">,
  { world }: View,
): Objection | undefined {
  const ours = new Set([world.self, ...world.spared()].map((user) => serverOf(user)));
  const hit = servers.find((server) => ours.has(server));
  return hit === undefined
    ? undefined
    : {
        why: say`${code(hit)} is our own server or that of a moderator`,
        key: `own server ${room} ${hit}`,
      };
}

function nameOf(room: RoomId, world: WorldView) {
  const known = world.rooms.get(room);
  return known ? roomNamed(known, world) : code(room);
}
