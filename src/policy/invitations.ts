/** Whose invitation Tyr accepts: its admins', and of whom they said so. */
import { compileGlob, type Glob } from "../kit/glob.ts";
import { serverOf, type RoomId, type UserId } from "../model/ids.ts";
import type { InviterSettings } from "../model/settings/inviters.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "./rules-in-force.ts";

const compiled = new WeakMap<InviterSettings["inviters"], readonly Glob[]>();

/** Whether moderators have said that this person's invitations are accepted. */
export function isNamedInviter(user: UserId, { inviters }: InviterSettings): boolean {
  if (inviters.size === 0) return false;
  let globs = compiled.get(inviters);
  if (!globs)
    compiled.set(
      inviters,
      (globs = [...inviters.keys()].map((one) => compileGlob(one, { ignoreCase: true }))),
    );
  const server = serverOf(user);
  return globs.some((glob) => glob.matches(user) || glob.matches(server));
}

/** An admin's is accepted to any room; that of somebody else not where lists ban the room or the person. */
export function isAccepted(
  { by, room }: { readonly by: UserId; readonly room: RoomId },
  {
    world,
    rulesInForce,
  }: { readonly world: WorldView; readonly rulesInForce: Pick<RulesInForce, "bansRoom" | "verdict"> },
): boolean {
  if (world.mayDo(by, "admin")) return true;
  return (
    isNamedInviter(by, world.settings) &&
    !rulesInForce.bansRoom(room) &&
    rulesInForce.verdict(by)?.kind !== "ban"
  );
}
