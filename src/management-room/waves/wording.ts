/** What moderators are told of a wave, in a few lines that a phone shows whole. */
import { roomName } from "../../commands/shared/room-names.ts";
import { describeTime } from "../../kit/duration.ts";
import { code, count, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { waveProofs, type Wave } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";

const shownTraits = 4;
const shownRooms = 3;

/** `held`: how many of its messages are held. */
export function describeWave(wave: Wave, world: WorldView, held: number): Say {
  return lines(
    whatItIs(wave),
    inCommon(wave),
    whereItIs(wave, world),
    held > 0 ? say`${count(held, "message")} of theirs ${held === 1 ? "is" : "are"} held.` : undefined,
  );
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

function inCommon({ shares }: Wave): Say | undefined {
  if (shares.length === 0) return undefined;
  const shown = shares.slice(0, shownTraits).map(({ shown, share }) => {
    const all = share >= 0.995 ? "all" : `${Math.round(share * 100)} %`;
    return say`${plain(shown, 80)} (${all})`;
  });
  return say`In common: ${joined(shown)}.`;
}

function whereItIs(wave: Wave, world: WorldView): Say {
  const rooms = new Set<RoomId>();
  for (const member of world.stored.waveMembers.of(wave.id)) for (const room of member.rooms) rooms.add(room);
  const named = [...rooms].slice(0, shownRooms).map((room) => roomName(room, world));
  const where = named.length > 0 ? say` in ${someOf(named, shownRooms, rooms.size)}` : "";
  const spoke =
    wave.spoke === 0 ? say`Nobody of them has spoken yet` : say`${wave.spoke} of them have spoken`;
  return say`${spoke}${where}; the first came on ${describeTime(wave.firstAt)}.`;
}

/** Under what a wave is spoken of: the undo number of its incident, where it has one. */
export function nameOfWave(number: number | undefined): Say {
  return number === undefined ? say`the wave` : say`wave ${code(String(number))}`;
}
