/** `roles`: who may have what done, by the power levels of the management room. */
import { bullets, code, lines, say, someOf, type Say } from "../../kit/say.ts";
import { largestLevel } from "../../model/power-levels.ts";
import { roleOf, roles, whoHas, type Role, type RolesWorld } from "../../model/roles.ts";
import type { RoleLevels } from "../../model/settings/roles.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, problem, type CommandContext } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

const shownPeople = 20;
const usual: RoleLevels = { admin: 100, moderator: 50 };

const may: Readonly<Record<Role, string>> = {
  admin: "Everything: lists, rooms, protections, exemptions, levels, the server, my settings",
  moderator: "They warn, mute, kick, ban, redact, close rooms, take that back, and say yes to it",
  viewer: "They look: status, why, rules, lists, rooms, questions",
};

export const rolesShow = defineCommand({
  words: ["roles"],
  role: "viewer",
  also: [["roles", "list"]],
  about: "Show who may do what here.",
  takes: {},
  examples: ["roles"],
  reply(_args, _flags, { world, prefix }) {
    const { roles: levels } = world.settings;
    if (levels)
      return { say: lines(say`Roles are on, by power level in this room:`, whoIsWhat(levels, world)) };
    return {
      say: lines(
        say`Roles are off: everybody in this room may do everything. With ${code(`${prefix} roles on`)} it would be:`,
        whoIsWhat(usual, world),
      ),
    };
  },
});

export const rolesOn = defineCommand({
  words: ["roles", "on"],
  role: "admin",
  about:
    "Let levels decide: people here do only what their power level in this room allows. Admins do everything, moderators act against people, viewers look. Said again with other levels it changes them.",
  takes: {},
  flags: {
    admin: { type: "number", about: "From which level on somebody is an admin.", default: usual.admin },
    moderator: {
      type: "number",
      about: "From which level on somebody is a moderator.",
      default: usual.moderator,
    },
  },
  examples: ["roles on", "roles on --admin 90 --moderator 10"],
  reply(_args, { admin, moderator }, context) {
    const { world, by } = context;
    const levels = { admin, moderator };
    const objection = objectionTo(levels, context);
    if (objection) return problem(objection);
    const now = world.settings.roles;
    if (now?.admin === admin && now.moderator === moderator)
      return { say: lines(say`So it is already:`, whoIsWhat(levels, world)) };
    const own = roleOf(by, withRoles(levels, world));
    return {
      say: lines(
        say`Roles by power level in this room:`,
        whoIsWhat(levels, world),
        own === "admin" ? undefined : say`You would be no admin, so you could not take it back.`,
      ),
      acts: [settingsChange({ kind: "set-roles", levels })],
      waitsFor: { kind: "own-question" },
    };
  },
});

export const rolesOff = defineCommand({
  words: ["roles", "off"],
  role: "admin",
  about: "Let all here do everything.",
  takes: {},
  examples: ["roles off"],
  reply(_args, _flags, { world }) {
    if (!world.settings.roles)
      return { say: say`So it is already: everybody in this room may do everything.` };
    const others = whoHas("viewer", world).filter((user) => roleOf(user, world) !== "admin");
    const gain =
      others.length > 0
        ? say`: also ${someOf(
            others.map((user) => code(user)),
            shownPeople,
          )}`
        : "";
    return {
      say: say`From then on everybody in this room may do everything${gain}.`,
      acts: [settingsChange({ kind: "set-roles", levels: null })],
      waitsFor: { kind: "own-question" },
    };
  },
});

function objectionTo({ admin, moderator }: RoleLevels, { world, prefix }: CommandContext): Say | undefined {
  if (![admin, moderator].every((level) => Number.isInteger(level) && Math.abs(level) <= largestLevel))
    return say`A power level is a whole number`;
  if (moderator > admin) return say`Moderators need a lower level than admins, or the same`;
  const levels = { admin, moderator };
  if (whoHas("admin", withRoles(levels, world)).length > 0) return undefined;
  return lines(
    say`Nobody here has level ${admin} in this room, so nobody would be an admin:`,
    whoIsWhat(levels, world),
    say`Give somebody that level in this room first, or name another: ${code(`${prefix} roles on --admin ${moderator}`)}`,
  );
}

/** The world as it would be with these. */
function withRoles(levels: RoleLevels, { self, settings, members, rooms }: WorldView): RolesWorld {
  const { managementRoom } = settings;
  return { self, members, rooms, settings: { managementRoom, roles: levels } };
}

function whoIsWhat(levels: RoleLevels, world: WorldView): Say {
  const then = withRoles(levels, world);
  const everybody = whoHas("viewer", then).toSorted();
  const from = (role: Role) => (role === "viewer" ? say`` : say` (from ${levels[role]} on)`);
  return bullets(
    roles.toReversed().map((role) => {
      const who = everybody.filter((user) => roleOf(user, then) === role).map((user) => code(user));
      const names = who.length > 0 ? someOf(who, shownPeople) : say`nobody`;
      return say`${role}${from(role)}: ${names}. ${may[role]}.`;
    }),
  );
}
