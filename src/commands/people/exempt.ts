/** `exempt add`, `remove` and `list`: people and servers that no rule and no protection is applied to. */
import { describeDay } from "../../kit/duration.ts";
import { code, count, lines, plain, say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { defineCommand, needed, optional, problem, type Reply, yesFirst } from "../define.ts";
import { isEverybody } from "../shared/everybody.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { stillStanding } from "../shared/still-standing.ts";
import { unfitKind } from "../shared/unfit-kind.ts";
import { unknownServer } from "../shared/unknown-server.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";

export const exemptAdd = defineCommand({
  words: ["exempt", "add"],
  role: "admin",
  also: [["except", "all"]],
  takesSeveral: true,
  about:
    "Spare a user or server, or a glob of them, from every rule. Bans that I made for a rule are lifted.",
  takes: {
    kind: optional("kind", "user or server, where the entity could be mistaken"),
    who: needed("entity", "@name:server, server.example, or a glob of one"),
    reason: optional("rest", "why, for those who ask later"),
  },
  flags: {
    for: {
      type: "duration",
      about: "For how long, such as 12h or 7d; then the lists apply again. Without it for ever.",
    },
  },
  examples: [
    "exempt add @bridge:example.org our bridge",
    "exempt add *.example.org",
    "exempt add @guest:example.org --for 7d",
  ],
  reply({ who, reason = "" }, { for: forMs }, context) {
    if (who.kind === "room")
      return problem(say`rooms cannot be exempt: no rule about a room is applied to our rooms`);
    const unfit = unfitKind(who);
    if (unfit) return problem(unfit);
    if (isEverybody(who.text)) return problem(say`${code(who.text)} would exempt everybody`);
    const { by, at } = context;
    const expiresAt = expiryOf(forMs, context);
    const end = expiresAt === undefined ? {} : { expiresAt };
    return {
      say: lines(
        say`Exempting ${code(who.text)}${untilText(expiresAt)}`,
        ...(who.kind === "user" && !who.isGlob
          ? stillStanding(who.text as UserId, context, ["ban", "server"])
          : []),
      ),
      waitsFor: yesFirst(unknownServer(who, "exempt add", context)),
      acts: [settingsChange({ kind: "exempt", exemption: { entity: who.text, reason, by, at, ...end } })],
    };
  },
});

export const exemptRemove = defineCommand({
  words: ["exempt", "remove"],
  role: "admin",
  also: [["except", "remove", "all"]],
  takesSeveral: true,
  about: "End an exemption. The lists apply again at once.",
  takes: { who: needed("entity", "as it stands in exempt list") },
  examples: ["exempt remove @bridge:example.org"],
  reply({ who }, _flags, { world, prefix }) {
    const { exemptions } = world.settings;
    if (exemptions.has(who.text)) return ending(who.text);
    const other = [...exemptions.keys()].find((one) => one.toLowerCase() === who.text.toLowerCase());
    // Ids of people that differ in capitals are different people.
    if (other !== undefined && (who.kind !== "user" || who.isGlob)) return ending(other);
    return problem(
      other === undefined
        ? say`${code(who.text)} is not exempt`
        : say`${code(who.text)} is not exempt, and ${code(other)} is: ${code(`${prefix} exempt remove "${other}"`)} ends that`,
    );
  },
});

export const exemptList = defineCommand({
  words: ["exempt", "list"],
  role: "viewer",
  also: [["exempt"]],
  about: "Show who is exempt, besides the moderators in this room.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["exempt list"],
  reply(_args, { page }, { world, prefix }) {
    const { exemptions } = world.settings;
    if (exemptions.size === 0) return { say: say`Nobody is exempt but the moderators in this room.` };
    const items = [...exemptions.values()].map(({ entity, reason, by, at, expiresAt }) => {
      return say`${code(entity)} since ${describeDay(at)}${untilText(expiresAt)}, by ${code(by)}${reason === "" ? "" : say`: ${plain(reason, 120)}`}`;
    });
    return {
      say: pagesOf(count(exemptions.size, "exemption"), items, { page, again: `${prefix} exempt list` }),
    };
  },
});

function ending(entity: string): Reply {
  return {
    say: say`No longer exempting ${code(entity)}`,
    acts: [settingsChange({ kind: "unexempt", entity })],
  };
}
