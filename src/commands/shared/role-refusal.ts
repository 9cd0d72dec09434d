/** How somebody is told that they may not do something, and who may. */
import { code, say, someOf, type Say } from "../../kit/say.ts";
import type { Role } from "../../model/roles.ts";
import { whoHas, type RolesWorld } from "../../model/roles.ts";

const named = 5;

export const rolePlural: Readonly<Record<Role, string>> = {
  viewer: "everybody in this room",
  moderator: "moderators",
  admin: "admins",
};

/** "`lists watch` is for admins: @olga:example.org and @piet:example.org." */
export function roleRefusal(what: Say, role: Role, world: RolesWorld): Say {
  const who = whoHas(role, world).toSorted();
  const whoever =
    who.length > 0
      ? say`: ${someOf(
          who.map((user) => code(user)),
          named,
        )}.`
      : say`, and nobody here is one. Whoever runs me can begin without roles: ${code("commands.withoutRoles")}.`;
  return say`${what} is for ${rolePlural[role]}${whoever}`;
}
