/** What moderators are told of a wave, in a few lines that a phone shows whole. */
import { roomName } from "../../commands/shared/room-names.ts";
import { describeTime } from "../../kit/duration.ts";
import { code, count, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { waveProofs, type Wave } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";

const shownTraits = 4;
const shownRooms = 3;

/** What has to be known at once. `held`: how many of its messages are held. */
export function describeWave(wave: Wave, world: WorldView, held: number): Say {
  return lines(
    whatItIs(wave),
    whereItIs(wave, world),
    held > 0 ? say`${count(held, "message")} of theirs ${held === 1 ? "is" : "are"} held.` : undefined,
  );
}

/** What whoever doubts may look up. */
export function detailsOfWave({ shares, spoke, firstAt }: Wave): Say {
  const spoken =
    spoke === 0
      ? say`Nobody of them has spoken yet`
      : say`${spoke} of them ${spoke === 1 ? "has" : "have"} spoken`;
  return lines(inCommon(shares), say`${spoken}; the first came on ${describeTime(firstAt)}.`);
}

function whatItIs({ stage, accounts, proof }: Wave): Say {
  switch (stage) {
    case "suspected":
      return say`${count(accounts, "account")} look alike, as newcomers here usually do not: perhaps a wave of spam.`;
    case "recognised":
      return say`${count(accounts, "account")} look alike and say the same: a wave of spam, or people who belong together.`;
    case "harmful":
      return say`A wave of spam, ${count(accounts, "account")}${proof ? say`: ${waveProofs[proof]}` : ""}.`;
  }
}

function inCommon(shares: Wave["shares"]): Say | undefined {
  if (shares.length === 0) return undefined;
  const shown = shares.slice(0, shownTraits).map(({ shown, share }) => {
    const all = share >= 0.995 ? "all" : `${Math.round(share * 100)} %`;
    return say`${plain(shown, 80)} (${all})`;
  });
  return say`In common: ${joined(shown)}.`;
}

function whereItIs(wave: Wave, world: WorldView): Say | undefined {
  const rooms = new Set<RoomId>();
  for (const member of world.stored.waveMembers.of(wave.id)) for (const room of member.rooms) rooms.add(room);
  const named = [...rooms].slice(0, shownRooms).map((room) => roomName(room, world));
  return named.length > 0 ? say`They are in ${someOf(named, shownRooms, rooms.size)}.` : undefined;
}

/** Under what a wave is spoken of: the undo number of its incident, where it has one. */
export function nameOfWave(number: number | undefined): Say {
  return number === undefined ? say`the wave` : say`wave ${code(String(number))}`;
}
