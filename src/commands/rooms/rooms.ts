/** `rooms`, `rooms add` and `rooms remove`: the protected rooms and the spaces whose rooms are protected. */
import { code, count, joined, lines, say } from "../../kit/say.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, needed, problem, type Proposal } from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { troubleOf } from "../shared/room-trouble.ts";

export const roomsList = defineCommand({
  words: ["rooms"],
  also: [["rooms", "list"]],
  about: "Show the protected rooms, with what is wrong in any of them.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["rooms", "rooms --page 2"],
  reply(_args, { page }, { world, prefix }) {
    return { say: listed(world, { page, again: `${prefix} rooms` }) };
  },
});

function listed(world: WorldView, where: { page: number; again: string }) {
  const { rooms, spaces } = world.settings;
  if (rooms.size === 0)
    return say`No room is protected yet. ${code("rooms add #room:server")} protects one, or all rooms of a space.`;
  const items = [...rooms.values()].map(({ room: id, space }) => {
    const trouble = troubleOf(id, world);
    const through = space ? say`, through ${roomName(space, world, 60)}` : "";
    return say`${roomName(id, world, 80)} ${code(id)}: ${count(world.members.joinedCount(id), "member")}${through}${trouble ? say`. ${trouble}` : ""}`;
  });
  const followed =
    spaces.size > 0
      ? say`Spaces followed: ${joined([...spaces.keys()].map((id) => roomName(id, world)))}`
      : undefined;
  return lines(pagesOf(count(rooms.size, "protected room"), items, where), followed);
}

export const roomsAdd = defineCommand({
  words: ["rooms", "add"],
  about: "Protect a room, or all rooms of a space as they come and go. I join where I can.",
  takes: { room: needed("room", "the room or space: !id, #alias or a link") },
  examples: ["rooms add #lobby:example.org", "rooms add #community-space:example.org"],
  reply({ room }, _flags, { world }) {
    const { managementRoom, rooms, spaces } = world.settings;
    if (room.id === managementRoom)
      return problem(
        say`this is the management room: if it were protected, a rule could remove its own moderators`,
      );
    if (rooms.has(room.id) || spaces.has(room.id))
      return { say: say`${code(room.text)} is protected already` };
    const known = world.rooms.get(room.id);
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
  about: "Stop protecting a room, or following a space. I stay in the room; bans and ACLs stay as they are.",
  takes: { room: needed("room", "the room or space") },
  examples: ["rooms remove #lobby:example.org"],
  reply({ room }, _flags, { world }) {
    const { rooms, spaces } = world.settings;
    if (spaces.has(room.id))
      return {
        say: say`No longer following the space ${code(room.text)}`,
        acts: [settingsChange({ kind: "unfollow-space", room: room.id })],
      };
    if (!rooms.has(room.id)) return problem(say`${code(room.text)} is not protected`);
    return {
      say: say`No longer protecting ${roomName(room.id, world)} ${code(room.text)}`,
      acts: [settingsChange({ kind: "unprotect", room: room.id, excludes: true })],
    };
  },
});
