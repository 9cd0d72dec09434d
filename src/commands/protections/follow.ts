/** `protections follow`, `unfollow`: rooms of other communities whose rules are tried here. */
import { code, count, plain, say, type Say } from "../../kit/say.ts";
import { parseRoomAlias, parseRoomId } from "../../model/ids.ts";
import { mostRulesRooms } from "../../model/rules-room.ts";
import { namesFrom, type FollowedRoom } from "../../model/settings/rules-rooms.ts";
import type { WorldView } from "../../model/world/view.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Proposal,
} from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";

const aliasPattern = /^[a-z][a-z0-9-]{0,19}$/;

export const protectionsFollow = defineCommand({
  words: ["protections", "follow"],
  role: "admin",
  about:
    "Follow a rules room: its protections are tried here in shadow, each called alias/name. A new version of one that you let do more is tried beside the old one.",
  takes: {
    room: needed("room", "the rules room: !id, #alias or a link"),
    alias: optional("word", "what its protections are called by; without it as the room is called"),
  },
  flags: {
    apply: {
      type: "boolean",
      about:
        "New versions take the place of the old ones at once, also where those act: for rooms that you trust.",
    },
  },
  examples: [
    "protections follow #rules:example.org",
    "protections follow #rules:example.org friends",
    "protections follow #our-rules:example.org --apply",
  ],
  reply({ room, alias: typed }, { apply }, context) {
    const { rulesRooms } = context.world.settings;
    const updates = apply ? "apply" : "ask";
    const before = rulesRooms.get(room.id);
    if (before && typed !== undefined && typed.toLowerCase() !== before.alias)
      return problem(
        say`I follow ${code(room.text)} as ${code(before.alias)} already. ${code(`${context.prefix} protections unfollow ${before.alias}`)} ends that first.`,
      );
    if (before?.updates === updates)
      return { say: say`I follow ${code(room.text)} already. ${becomesOfUpdates(before)}` };
    if (before)
      return {
        say: say`${code(before.alias)} is followed in another way now. ${becomesOfUpdates({ ...before, updates })}`,
        acts: [settingsChange({ kind: "follow-rules", followed: { ...before, updates } })],
      };
    if (rulesRooms.size >= mostRulesRooms)
      return problem(say`I follow ${count(mostRulesRooms, "rules room")} and may follow no more`);
    const alias = typed?.toLowerCase() ?? aliasFor(room, context.world);
    if (!aliasPattern.test(alias))
      return problem(
        say`${code(alias, 60)} cannot stand before names: small letters, digits and - as in ${code("friends")}, 20 at most`,
      );
    if (isTaken(alias, context.world))
      return problem(say`Another room is followed as ${code(alias)}: please choose another name`);
    const followed = { room: room.id, via: room.via, alias, updates } as const;
    return {
      say: say`Following ${code(room.text)} as ${code(alias)}: its protections come in shadow, called ${code(`${alias}/<name>`)}. ${becomesOfUpdates(followed)}`,
      acts: following(followed, context),
    };
  },
});

function becomesOfUpdates({ updates }: Pick<FollowedRoom, "updates">): Say {
  return updates === "ask"
    ? say`New versions of what does more than look wait in shadow for you.`
    : say`New versions take the place of the old ones at once, in the mode that those have.`;
}

function following(followed: FollowedRoom, { world }: CommandContext): readonly Proposal[] {
  const { room, via } = followed;
  const isIn = world.rooms.get(room)?.ownMembership === "join";
  return [
    settingsChange({ kind: "follow-rules", followed }),
    ...(isIn ? [] : [{ action: { kind: "join", room, via } } as const]),
  ];
}

/** Of the address or the name of the room, or a number. */
function aliasFor({ id, text }: ArgumentValues["room"], world: WorldView): string {
  const room = world.rooms.get(id);
  const called = parseRoomAlias(text) ?? room?.alias ?? (room ? room.label : "");
  const bare = called
    .replace(/^#|:.*$/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 16)
    .replace(/-+$/, "");
  const base = bare === "" ? "rules" : bare;
  for (let i = 1; ; i++) {
    const alias = i === 1 ? base : `${base}-${i}`;
    if (!isTaken(alias, world)) return alias;
  }
}

function isTaken(alias: string, { settings }: WorldView): boolean {
  return [...settings.rulesRooms.values()].some((one) => one.alias === alias);
}

export const protectionsUnfollow = defineCommand({
  words: ["protections", "unfollow"],
  role: "admin",
  about: "Stop following a rules room. Its protections go, with their settings; undo brings them back.",
  takes: { room: needed("word", "the name that it is followed by, or its room") },
  examples: ["protections unfollow friends", "protections unfollow #rules:example.org"],
  reply({ room: typed }, _flags, context) {
    const { world } = context;
    const followed = followedCalled(typed, context);
    if (!followed) {
      const all = [...world.settings.rulesRooms.values()].map(({ alias }) => alias);
      return problem(
        say`I follow no rules room ${code(typed, 100)}${all.length > 0 ? say`: there are ${plain(all.join(", "))}` : ""}`,
      );
    }
    const rules = namesFrom(followed.room, world.settings).length;
    return {
      say: say`No longer following ${roomName(followed.room, world)}; ${count(rules, "protection")} of it ${rules === 1 ? "is" : "are"} gone`,
      acts: [settingsChange({ kind: "unfollow-rules", room: followed.room })],
    };
  },
});

function followedCalled(typed: string, { world, lookedUp }: CommandContext): FollowedRoom | undefined {
  const { rulesRooms } = world.settings;
  const alias = parseRoomAlias(typed);
  const found = alias && lookedUp.aliases.get(alias);
  const id = (found && "room" in found ? found.room : undefined) ?? parseRoomId(typed);
  const byRoom = id && rulesRooms.get(id);
  const all = [...rulesRooms.values()];
  return (
    byRoom ??
    all.find((one) => one.alias === typed.toLowerCase()) ??
    all.find(({ room }) => alias !== undefined && world.rooms.get(room)?.alias === alias)
  );
}
