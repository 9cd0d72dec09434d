/** `rooms`, `rooms add` and `rooms remove`: the protected rooms and the spaces whose rooms are protected. */
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { changeSettings } from "../../model/settings/change.ts";
import { holdersOf, isSpace } from "../../model/settings/holders.ts";
import type { Settings } from "../../model/settings/settings.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isGate } from "../../policy/knock-gate.ts";
import { defineCommand, needed, problem, type Proposal } from "../define.ts";
import { heldByText, spacesText } from "../shared/held-by.ts";
import { roomName } from "../shared/room-names.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { troubleOf } from "../shared/room-trouble.ts";

export const roomsList = defineCommand({
  words: ["rooms"],
  role: "viewer",
  also: [["rooms", "list"]],
  about:
    "Show the protected rooms and the spaces that I follow, with what holds each and what is wrong in any of them.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["rooms", "rooms --page 2"],
  reply(_args, { page }, { world, prefix }) {
    return { say: listed(world, { page, prefix }) };
  },
});

function listed(world: WorldView, { page, prefix }: { page: number; prefix: string }) {
  const { rooms, spaces } = world.settings;
  if (rooms.size + spaces.size === 0)
    return say`No room is protected yet. ${code(`${prefix} rooms add #room:server`)} protects one, or all rooms of a space.`;
  const followed = spaces.size > 0 ? say` and ${count(spaces.size, "space")} that I follow` : "";
  return pagesOf(
    say`${count(rooms.size, "protected room")}${followed}`,
    [...world.protectedIds()].map((id) => () => describe(id, world)),
    { page, again: `${prefix} rooms` },
  );
}

function describe(id: RoomId, world: WorldView): Say {
  const trouble = troubleOf(id, world);
  const mode = world.stored.roomModes.of(id, world.now);
  const held = heldByText(holdersOf(id, world.settings), world);
  const door = world.settings.knockGates.has(id)
    ? isGate(id, world)
      ? ", people have to knock"
      : ", people should have to knock, and somebody changed that"
    : "";
  return say`${world.settings.spaces.has(id) ? say`Space ` : ""}${roomName(id, world, 80)} ${code(id)}: ${count(world.members.joinedCount(id), "member")}${mode === "calm" ? "" : say`, ${code(mode)}`}${door}${held ? say`, ${held}` : ""}${trouble ? say`. ${trouble}` : ""}`;
}

export const roomsAdd = defineCommand({
  words: ["rooms", "add"],
  role: "admin",
  about:
    "Protect a room, or a space with all its rooms as they come and go. I join where I can. It stays protected as long as anything holds it: this command or the config, a space that I follow, or `rooms joined on`.",
  takes: { room: needed("room", "the room or space: !id, #alias or a link") },
  examples: ["rooms add #lobby:example.org", "rooms add #community-space:example.org"],
  reply({ room }, _flags, { world }) {
    const { managementRoom, rooms, spaces } = world.settings;
    if (room.id === managementRoom)
      return problem(
        say`this is the management room: if it were protected, a rule could remove its own moderators`,
      );
    const known = world.rooms.get(room.id);
    const holders = holdersOf(room.id, world.settings);
    if (holders.includes("hand")) return { say: say`${code(room.text)} is protected already` };
    const isOnlyJoinedSpace = known?.isSpace === true && rooms.has(room.id);
    if (holders.length > 0 && !isOnlyJoinedSpace)
      return {
        say: say`${code(room.text)} is protected already, ${heldByText(holders, world) ?? ""}; from now on by itself as well, whatever becomes of that`,
        acts: [settingsChange({ kind: "hold", room: room.id, by: "hand" })],
      };
    const [held, bound] = known?.isSpace
      ? ([spaces.size, "spaces"] as const)
      : ([rooms.size, "rooms"] as const);
    if (held >= world.limits[bound])
      return problem(
        say`I protect ${count(held, bound.slice(0, -1))} and may protect no more; ${code(`limits.${bound}`)} in the config is the bound`,
      );
    const join: Proposal[] =
      known?.ownMembership === "join" ? [] : [{ action: { kind: "join", room: room.id, via: room.via } }];
    if (known?.isSpace)
      return {
        say: say`Following the space ${roomName(room.id, world)}`,
        acts: [...join, settingsChange({ kind: "follow-space", room: room.id, via: room.via })],
      };
    return {
      say: say`Protecting ${code(room.text)}`,
      acts: [
        ...join,
        settingsChange({ kind: "protect", room: { room: room.id, via: room.via, space: undefined } }),
      ],
    };
  },
});

export const roomsRemove = defineCommand({
  words: ["rooms", "remove"],
  role: "admin",
  about:
    "Stop protecting a room, whatever holds it, or following a space; rooms of it that something else holds stay protected. I stay in the room; bans and ACLs stay as they are.",
  takes: { room: needed("room", "the room or space") },
  examples: ["rooms remove #lobby:example.org"],
  reply({ room }, _flags, { world, prefix }) {
    const { rooms, spaces } = world.settings;
    if (spaces.has(room.id)) {
      const change = { kind: "unfollow-space", room: room.id } as const;
      return {
        say: lines(
          say`No longer following the space ${code(room.text)}`,
          leftOf(room.id, changeSettings(world.settings, change, world.limits), world),
        ),
        acts: [settingsChange(change)],
      };
    }
    if (!rooms.has(room.id)) return problem(say`${code(room.text)} is not protected`);
    const within = holdersOf(room.id, world.settings).filter(isSpace);
    return {
      say: lines(
        say`No longer protecting ${roomName(room.id, world)} ${code(room.text)}`,
        within.length > 0
          ? say`It stays out, although it is in ${spacesText(within, world)}: ${code(`${prefix} rooms add ${room.text}`)} brings it back.`
          : undefined,
      ),
      acts: [settingsChange({ kind: "unprotect", room: room.id, excludes: true })],
    };
  },
});

/** What becomes of the rooms of a space that is followed no longer. */
function leftOf(space: RoomId, after: Settings, world: WorldView): Say | undefined {
  const { settings } = world;
  const all = [...settings.rooms.keys(), ...settings.spaces.keys()].filter((id) => id !== space);
  const held = all.filter((id) => holdersOf(id, settings).includes(space));
  const gone = all.filter((id) => holdersOf(id, after).length === 0).length;
  const stay = held.filter((id) => holdersOf(id, after).length > 0);
  const [first] = stay;
  const ended =
    gone > 0 ? say`${count(gone, "room")} of it ${gone === 1 ? "is" : "are"} protected no longer. ` : "";
  if (first === undefined) return ended === "" ? undefined : ended;
  const why = heldByText(holdersOf(first, after), world) ?? say`by itself`;
  return say`${ended}${count(stay.length, "room")} ${stay.length === 1 ? "stays" : "stay"} protected, such as ${roomName(first, world)}, ${why}.`;
}
