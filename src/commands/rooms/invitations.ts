/** `invitations`, `invitations add` and `remove`: whose invitations to rooms Tyr accepts. */
import { describeDay } from "../../kit/duration.ts";
import { code, count, lines, say } from "../../kit/say.ts";
import { defineCommand, needed, problem } from "../define.ts";
import { isEverybody } from "../shared/everybody.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { unfitKind } from "../shared/unfit-kind.ts";

/** Each is looked at for every invitation of a stranger. */
const mostInviters = 100;

export const invitationsList = defineCommand({
  words: ["invitations"],
  role: "viewer",
  also: [["invitations", "list"]],
  about: "Show whose invitations to rooms I accept.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["invitations"],
  reply(_args, { page }, { world, prefix }) {
    const { inviters, roles } = world.settings;
    const staff = say`I accept the invitations of ${roles ? "the admins" : "the people"} in this room.`;
    const items = [...inviters].map(
      ([entity, { by, at }]) => say`${code(entity)} since ${describeDay(at)}, by ${code(by)}`,
    );
    if (items.length === 0) return { say: say`${staff} Those of others I tell here.` };
    return {
      say: lines(staff, pagesOf(say`And those of`, items, { page, again: `${prefix} invitations` })),
    };
  },
});

export const invitationsAdd = defineCommand({
  words: ["invitations", "add"],
  role: "admin",
  about:
    "Accept the invitations of a person, or of the people of a server: I join, and ask here whether to protect the room. Not where a list bans the room or the person. With `rooms joined on` the room is protected at once.",
  takes: { who: needed("entity", "@name:server, server.example, or a glob of one") },
  examples: ["invitations add @helper:example.org", "invitations add example.org"],
  reply({ who }, _flags, { world, by, at }) {
    if (who.kind === "room") return problem(say`people invite, and ${code(who.text)} is a room`);
    const unfit = unfitKind(who);
    if (unfit) return problem(unfit);
    if (isEverybody(who.text))
      return problem(say`${code(who.text)} is everybody: anybody could bring me into rooms without end`);
    const { inviters, protectsJoined } = world.settings;
    if (inviters.size >= mostInviters && !inviters.has(who.text))
      return problem(say`I know ${count(mostInviters, "inviter")} and take no more`);
    return {
      say: say`Invitations of ${code(who.text)} are accepted from now on${protectsJoined ? say`, and the rooms protected` : ""}`,
      acts: [settingsChange({ kind: "set-inviter", entity: who.text, inviter: { by, at } })],
    };
  },
});

export const invitationsRemove = defineCommand({
  words: ["invitations", "remove"],
  role: "admin",
  about: "Accept somebody's invitations no longer. I stay in the rooms that I have joined.",
  takes: { who: needed("entity", "as it stands in invitations") },
  examples: ["invitations remove @helper:example.org"],
  reply({ who: { text } }, _flags, { world, prefix }) {
    if (!world.settings.inviters.has(text))
      return problem(say`${code(text)} is none of those; ${code(`${prefix} invitations`)} shows them`);
    return {
      say: say`Invitations of ${code(text)} are a stranger's again`,
      acts: [settingsChange({ kind: "set-inviter", entity: text, inviter: null })],
    };
  },
});
