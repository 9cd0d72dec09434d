/** `rehearse`: a made-up wave, so that a team can practise on it. */
import { hourMs } from "../../kit/duration.ts";
import { code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { fewestAccounts, mostAccounts, usualAccounts } from "../../model/rehearsal.ts";
import type { RoomView } from "../../model/room.ts";
import { isOnlySuspected } from "../../model/waves.ts";
import { defineCommand, optional, problem, type ArgumentValues, type CommandContext } from "../define.ts";
import { containedNow } from "../shared/contained.ts";
import { notProtected, roomsMeant } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";

/** Unless rooms are named; a wave that is everywhere at once shows no more. */
const usualRooms = 3;
const mostRooms = 10;

export const rehearseWave = defineCommand({
  words: ["rehearse", "wave"],
  role: "moderator",
  about:
    "Practise with a made-up wave: I tell, ask and call as I would, and nothing is done to any room or person. It begins at once, ends by itself, and then I say what would have been done and how long you took.",
  takes: {
    room: optional(
      "room",
      "where it comes to: one room, or a space with its rooms; else the three largest rooms",
    ),
  },
  flags: {
    accounts: {
      type: "number",
      default: usualAccounts,
      about: `How many accounts come, from ${fewestAccounts} to ${mostAccounts}.`,
    },
  },
  examples: ["rehearse wave", "rehearse wave #lobby:example.org --accounts 20"],
  reply({ room }, { accounts }, context) {
    const { world, by, at, prefix } = context;
    const objection = whyNot(context) ?? notProtected(room, world);
    if (objection) return problem(objection);
    if (!Number.isInteger(accounts) || accounts < fewestAccounts || accounts > mostAccounts)
      return problem(
        say`a rehearsal has from ${fewestAccounts} to ${mostAccounts} accounts, not ${String(accounts)}`,
      );
    const rooms = meant(room, context);
    if (rooms.length === 0) return problem(say`there is no protected room whose members I know`);
    const where = joined(rooms.map((id) => roomName(id, world, 60)));
    return {
      say: lines(
        say`Rehearsal: ${count(accounts, "made-up account")} ${accounts === 1 ? "comes" : "come"} to ${where} now. Nothing is done to anybody. Whoever is on duty is really called.`,
        say`Until it ends, yes, no, waves, release, raid, shut, calm and go count for it alone, and so do undo and stop until something real is done. With a number, or as a reply, they count for what that belongs to. ${code(`${prefix} rehearse stop`)} ends it.`,
      ),
      acts: [settingsChange({ kind: "rehearse-wave", rooms, accounts, by, at })],
    };
  },
});

export const rehearseStop = defineCommand({
  words: ["rehearse", "stop"],
  role: "moderator",
  about: "End the rehearsal, and tell how it went.",
  takes: {},
  examples: ["rehearse stop"],
  reply(_args, _flags, { config, at }) {
    if (!config.rehearsal.running) return problem(say`no rehearsal goes on`);
    return { say: say`Ending the rehearsal.`, acts: [settingsChange({ kind: "end-rehearsal", at })] };
  },
});

/** What is real comes first: nobody should have to tell one from the other. */
function whyNot(context: CommandContext): Say | undefined {
  const { world, config, prefix, at } = context;
  const { rehearsal } = config;
  if (rehearsal.running) return say`a rehearsal goes on already; ${code(`${prefix} rehearse stop`)} ends it`;
  if (!rehearsal.areWavesSought)
    return say`waves are not looked for (waves.act: off in the config), so there is nothing to rehearse`;
  if (world.settings.stopping.stop) return say`everything is stopped; ${code(`${prefix} go`)} first`;
  if (world.stored.waves.open().some((wave) => !isOnlySuspected(wave) && at - wave.lastAt < hourMs))
    return say`a real wave is not over yet; ${code(`${prefix} waves`)} shows it`;
  if (containedNow(context)) return say`rooms are closed for real; ${code(`${prefix} calm`)} first`;
  return undefined;
}

function meant(room: ArgumentValues["room"] | undefined, { world }: CommandContext): readonly RoomId[] {
  const rooms = roomsMeant(room, world);
  const isMeant = ({ id, isSpace }: RoomView) =>
    !isSpace && world.membersKnown.has(id) && (rooms?.has(id) ?? true);
  return [...world.protectedRooms()]
    .filter(isMeant)
    .toSorted((a, b) => world.members.joinedCount(b.id) - world.members.joinedCount(a.id))
    .slice(0, room ? mostRooms : usualRooms)
    .map(({ id }) => id);
}
