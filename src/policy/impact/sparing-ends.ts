/** Whom the lists would hit if an exemption or an exception ended now. */
import { hasWildcard, compileGlob } from "../../kit/glob.ts";
import { withoutEntry } from "../../kit/immutable.ts";
import { parseServerName, serverOf, type UserId } from "../../model/ids.ts";
import { exceptionKey, type Exception } from "../../model/settings/exceptions.ts";
import type { Exemption } from "../../model/settings/exemptions.ts";
import type { WorldView } from "../../model/world/view.ts";
import { Exceptions } from "../exceptions.ts";
import { Exemptions } from "../exemptions.ts";
import type { Hit } from "./rule-reach.ts";
import type { RulesInForce } from "../rules-in-force.ts";

/** A server rule hits where server ACLs are written: `acls`. Looks at everybody known where the entity is a glob. */
export function hitsAtEndOf(
  sparing: Exemption | Exception,
  {
    world,
    rulesInForce,
    acls,
  }: { readonly world: WorldView; readonly rulesInForce: RulesInForce; readonly acls: boolean },
): readonly Hit[] {
  const { exemptions, exceptions } = world.settings;
  const after = {
    exemptions: "list" in sparing ? exemptions : withoutEntry(exemptions, sparing.entity),
    exceptions: "list" in sparing ? withoutEntry(exceptions, exceptionKey(sparing)) : exceptions,
  };
  const exempt = new Exemptions({ settings: after, members: world.members });
  const excepted = new Exceptions(world, after);
  return peopleOf(sparing.entity, world).flatMap((user): readonly Hit[] => {
    const rooms = world.protectedRoomsOf(user, ["join"]);
    if (rooms.length === 0 || world.isSpared(user) || exempt.ofUser(user)) return [];
    const rules = excepted.leftForUser(rulesInForce.index.rulesNamingUser(user), user);
    const bans = rulesInForce.decide(rules.filter(({ kind }) => kind === "user"));
    if (bans?.kind === "ban")
      return rooms.map((room) => ({ rule: bans.rule, room, user, server: undefined }));
    const server = serverOf(user);
    const denies = acls ? rulesInForce.decide(rules.filter(({ kind }) => kind === "server")) : undefined;
    if (denies?.kind !== "ban" || server === serverOf(world.self)) return [];
    return rooms.map((room) => ({ rule: denies.rule, room, user, server }));
  });
}

function peopleOf(entity: string, { members }: WorldView): readonly UserId[] {
  if (hasWildcard(entity)) {
    const glob = compileGlob(entity, { ignoreCase: true });
    return [...members.users()].filter((user) => glob.matches(user) || glob.matches(serverOf(user)));
  }
  if (entity.startsWith("@")) return members.has(entity as UserId) ? [entity as UserId] : [];
  const server = parseServerName(entity);
  return server ? [...members.usersOfServer(server)] : [];
}
