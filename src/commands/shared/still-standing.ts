/** What stands against a person besides that which a command takes back, each with the command that lifts it. */
import { code, count, say, type Say } from "../../kit/say.ts";
import { serverOf, type UserId } from "../../model/ids.ts";
import type { CommandContext } from "../define.ts";
import { listName } from "./room-names.ts";

/** What the command itself takes back is left out. */
export type Standing = "ban" | "mute" | "server" | "account";

/** The newest acts about a person in which an open suspension or lock is looked for. */
const actsLookedAt = 100;

export function stillStanding(
  user: UserId,
  context: CommandContext,
  takenBack: readonly Standing[],
): readonly Say[] {
  const found: Readonly<Record<Standing, () => Say | undefined>> = {
    ban: () => banOf(user, context),
    mute: () => muteOf(user, context),
    server: () => serverRuleOf(user, context),
    account: () => accountActOf(user, context),
  };
  return (["ban", "mute", "server", "account"] as const)
    .filter((one) => !takenBack.includes(one))
    .flatMap((one) => found[one]() ?? []);
}

function banOf(user: UserId, { expected, prefix }: CommandContext): Say | undefined {
  const rooms = expected.bannedIn(user);
  if (rooms.length === 0) return undefined;
  return say`They are banned in ${count(rooms.length, "protected room")}: ${code(`${prefix} unban ${user}`)} lifts that.`;
}

function muteOf(user: UserId, { world, expected, prefix }: CommandContext): Say | undefined {
  const rooms = [...world.protectedRooms()].filter(({ id }) => {
    const power = expected.powerFor(id, user);
    const isByHand = power?.entryOf(user) !== undefined && power.isSilenced(user);
    return isByHand || expected.muteOf(id, user) !== undefined;
  });
  if (rooms.length === 0) return undefined;
  return say`They are still muted in ${count(rooms.length, "room")}: ${code(`${prefix} unmute ${user}`)} gives them their voice back.`;
}

function serverRuleOf(user: UserId, { rulesInForce, world, prefix }: CommandContext): Say | undefined {
  const server = serverOf(user);
  if (rulesInForce.exemptionOf(user)) return undefined;
  const rules = rulesInForce.index.rulesForUser(user).filter(({ kind }) => kind === "server");
  const verdict = rulesInForce.decide(rules);
  if (verdict?.kind !== "ban") return undefined;
  const { entity, list } = verdict.rule;
  return say`Their server is denied by ${code(entity ?? "a hashed rule")} on ${listName(list, world)}: ${code(`${prefix} unban ${entity ?? server}`)} takes that off.`;
}

/** Suspensions and locks of ours that nobody has ended. */
function accountActOf(user: UserId, { past, prefix }: CommandContext): Say | undefined {
  const done = past.about(user, actsLookedAt).filter(({ result }) => result?.kind === "done");
  const newest = (...kinds: readonly string[]) =>
    done.find(({ decision: { action } }) => kinds.includes(action.kind))?.decision.action.kind;
  if (newest("lock", "unlock") === "lock")
    return say`Their account is locked: ${code(`${prefix} unlock ${user}`)} unlocks it.`;
  if (newest("suspend", "unsuspend") === "suspend")
    return say`Their account is suspended: ${code(`${prefix} unsuspend ${user}`)} ends that.`;
  return undefined;
}
