/**
 * Cleaning up a wave that somebody (or the config) wants to be rid of: bans of the members who spoke, with all that they
 * wrote; in the end kicks of those who only came. Looks only, and says the acts in the order of what stands longest in view.
 */
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Wave, WaveMember } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";

/** Under this name the acts against a wave are told, journalled and taken back. */
export const waveProtection = "wave-harmful";

export interface CleaningView {
  readonly world: WorldView;
  readonly rulesInForce: Pick<RulesInForce, "exemptionOf">;
}

/** The cause of everything that is done about a wave: one incident, one undo. `by`: the moderator who wants it. */
export function causeOfWave(
  { id, accounts }: Pick<Wave, "id" | "accounts">,
  { user, by }: { readonly user?: UserId; readonly by?: UserId | undefined } = {},
): Extract<Cause, { kind: "finding" }> {
  return {
    kind: "finding",
    protection: waveProtection,
    incident: id,
    sentence: `part of a wave of ${accounts} accounts`,
    ...(user ? { user } : {}),
    ...(by ? { by } : {}),
  };
}

/** Bans of members who spoke, in every protected room that they are in; what they wrote goes with the ban (MSC4293). */
export function banMember(
  wave: Wave,
  { user, spokeAt }: WaveMember,
  { by, at, view }: { readonly by: UserId | undefined; readonly at: number; readonly view: CleaningView },
): readonly Decision[] {
  if (spokeAt === undefined || isToBeLeft(user, { at, view })) return [];
  const { world } = view;
  return world.protectedRoomsOf(user).map((room) => {
    const action: Action = { kind: "ban", room, user, reason: "spam wave", redacts: true };
    return decide(action, causeOfWave(wave, { user, by }), { at, replaces: stampIn(room, user, world) });
  });
}

/** Kicks of members who only came: once the wave is over, as each is an event that everybody in the room has to take in. */
export function kickMember(
  wave: Wave,
  { user, spokeAt }: WaveMember,
  { by, at, view }: { readonly by: UserId | undefined; readonly at: number; readonly view: CleaningView },
): readonly Decision[] {
  if (spokeAt !== undefined || isToBeLeft(user, { at, view })) return [];
  const { world } = view;
  return world.protectedRoomsOf(user).map((room) => {
    const action: Action = { kind: "kick", room, user, reason: "spam wave" };
    return decide(action, causeOfWave(wave, { user, by }), { at, replaces: stampIn(room, user, world) });
  });
}

/** Staff, exempt people, regulars, and whom moderators excused: a wave is never a reason to touch them. */
function isToBeLeft(
  user: UserId,
  { at, view }: { readonly at: number; readonly view: CleaningView },
): boolean {
  const { world } = view;
  return isLeftAlone(user, view) || world.settings.excused.has(user) || world.regulars.isRegular(user, at);
}

function stampIn(room: RoomId, user: UserId, { members }: WorldView): string {
  return String(members.get(room, user)?.stamp);
}
