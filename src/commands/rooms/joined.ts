/** `rooms joined`: whether all rooms that Tyr is in are protected. */
import { code, count, lines, say } from "../../kit/say.ts";
import { changeSettings } from "../../model/settings/change.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

/** The option of the config that switches it on at every start. */
const option = "protectJoinedRooms";

export const roomsJoined = defineCommand({
  words: ["rooms", "joined"],
  role: "admin",
  about:
    "Protect every room that I am in, as I join and leave: all but this room, the lists that I watch, and rooms that were taken out. Switched off, only rooms stay protected that something else holds.",
  takes: { switch: optional("word", "on or off; without it I tell which") },
  examples: ["rooms joined on", "rooms joined off", "rooms joined"],
  reply({ switch: wanted }, _flags, context): Reply {
    const { prefix } = context;
    const { settings } = context.world;
    const state = wanted?.toLowerCase();
    const isOn = settings.protectsJoined === true;
    if (state === undefined || state === (isOn ? "on" : "off"))
      return {
        say: isOn
          ? say`All rooms that I am in are protected. ${code(`${prefix} rooms joined off`)} ends that.`
          : say`Only rooms that are named, and those of spaces, are protected. ${code(`${prefix} rooms joined on`)} protects all that I am in.`,
      };
    if (state === "on")
      return {
        say: say`All rooms that I am in are protected from now on, as I join and leave`,
        acts: [settingsChange({ kind: "protect-joined", on: true })],
      };
    if (state === "off") return switchingOff(context);
    return problem(say`${code(wanted!, 60)} is neither ${code("on")} nor ${code("off")}.`);
  },
});

function switchingOff({ world, config }: CommandContext): Reply {
  const change = { kind: "protect-joined", on: false } as const;
  const gone = world.settings.rooms.size - changeSettings(world.settings, change, world.limits).rooms.size;
  const isConfigured = config.entries.some(({ path, value }) => path === option && value === "true");
  return {
    say: lines(
      say`Rooms are no longer protected only as I am in them: ${count(gone, "room")} ${gone === 1 ? "is" : "are"} protected no longer. I stay there; bans and ACLs stay as they are.`,
      isConfigured
        ? say`The config has ${code(`${option}: true`)}: the next start switches it on again.`
        : undefined,
    ),
    acts: [settingsChange(change)],
  };
}
