/** `except`, `exceptions` and `except remove`: people and servers that the rules of one list are not applied to here. */
import { describeDay } from "../../kit/duration.ts";
import { code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { exceptionKey, type Exception } from "../../model/settings/exceptions.ts";
import { isBan } from "../../policy/rule-writing.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  yesFirst,
  type CommandContext,
  type Entity,
} from "../define.ts";
import { describeRule } from "../shared/describe-rule.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";
import { isEverybody } from "../shared/everybody.ts";
import { listWord } from "../shared/list-word.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { listName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { unfitKind } from "../shared/unfit-kind.ts";
import { unknownServer } from "../shared/unknown-server.ts";

export const except = defineCommand({
  words: ["except"],
  role: "admin",
  takesSeveral: true,
  about:
    "Spare a user or server, or a glob of them, from the rules of one list. Other lists and protections go on as before. except all spares them from everything.",
  takes: {
    list: needed("list", "the list whose rules are not applied to them"),
    kind: optional("kind", "user or server, where the entity could be mistaken"),
    who: needed("entity", "@name:server, server.example, or a glob of one"),
    reason: optional("rest", "why, for those who ask later"),
  },
  flags: {
    for: {
      type: "duration",
      about: "For how long, such as 12h or 90d; I say so a day before it ends. Without it for ever.",
    },
  },
  examples: ["except coc @friend:example.org --for 90d they are ours", "except coc *.uni.example"],
  reply({ list, who, reason = "" }, { for: forMs }, context) {
    if (who.kind === "room")
      return problem(say`rooms are no exception: no rule about a room is applied to our rooms`);
    const unfit = unfitKind(who);
    if (unfit) return problem(unfit);
    const word = listWord(list, context.world);
    if (isEverybody(who.text))
      return problem(
        say`${code(who.text)} would except everybody: ${code(`${context.prefix} lists unwatch ${word}`)} does that`,
      );
    const { by, at, world } = context;
    const expiresAt = expiryOf(forMs, context);
    const end = expiresAt === undefined ? {} : { expiresAt };
    const exception: Exception = { list: list.room, entity: who.text, reason, by, at, ...end };
    return {
      say: lines(
        say`${code(who.text)} is an exception from ${listName(list.room, world)}${untilText(expiresAt)}: its bans are not applied to them here`,
        ...(who.kind === "user" && !who.isGlob ? namedBy(who.text as UserId, list.room, context) : []),
      ),
      waitsFor: yesFirst(unknownServer(who, `except ${word}`, context)),
      acts: [settingsChange({ kind: "except", exception })],
    };
  },
});

/** What the list says of the person, and which other list bans them all the same. */
function namedBy(
  user: UserId,
  list: RoomId,
  { rulesInForce, world, prefix }: CommandContext,
): readonly Say[] {
  const ofUsers = rulesInForce.index.rulesNamingUser(user).filter(isBan);
  const [named] = rulesInForce.inOrder(ofUsers.filter((rule) => rule.list === list));
  const left = rulesInForce.index
    .rulesForUser(user)
    .filter((rule) => rule.kind === "user" && (rule.list !== list || rule.recommendation === "allow"));
  const exemption = rulesInForce.exemptionOf(user);
  const verdict = exemption ? undefined : rulesInForce.decide(left);
  return [
    named ? say`It has a rule for ${describeRule(named)}.` : say`It has no ban for them now.`,
    ...(exemption ? [say`They are exempt from all lists already (${code(exemption.entity)}).`] : []),
    ...(verdict?.kind === "ban"
      ? [
          say`${listName(verdict.rule.list, world)} bans them as well, and goes on: ${code(`${prefix} except ${listWord(verdict.rule.list, world)} ${user}`)} spares them from that, too.`,
        ]
      : []),
  ];
}

export const exceptRemove = defineCommand({
  words: ["except", "remove"],
  role: "admin",
  takesSeveral: true,
  about: "End an exception. The list applies to them again at once.",
  takes: {
    list: needed("list", "the list, as in exceptions"),
    who: needed("entity", "as it stands in exceptions"),
  },
  examples: ["except remove coc @friend:example.org"],
  reply({ list, who }, _flags, { world, prefix }) {
    const entity = entityOf(list, who, world.settings.exceptions);
    const word = listWord(list, world);
    if (entity === undefined)
      return problem(
        say`${code(who.text)} is no exception from ${listName(list.room, world)}: ${code(`${prefix} exceptions ${word}`)} shows those`,
      );
    return {
      say: say`${code(entity)} is no longer an exception from ${listName(list.room, world)}`,
      acts: [settingsChange({ kind: "unexcept", list: list.room, entity })],
    };
  },
});

/** As it was written. Ids of people that differ in capitals are different people. */
function entityOf(
  { room: list }: PolicyListView,
  { kind, text, isGlob }: Entity,
  exceptions: ReadonlyMap<string, Exception>,
): string | undefined {
  if (exceptions.has(exceptionKey({ list, entity: text }))) return text;
  if (kind === "user" && !isGlob) return undefined;
  return [...exceptions.values()].find(
    (one) => one.list === list && one.entity.toLowerCase() === text.toLowerCase(),
  )?.entity;
}

export const exceptionsShow = defineCommand({
  words: ["exceptions"],
  role: "viewer",
  about: "Show who is an exception from which list, by whom, and until when.",
  takes: { list: optional("list", "only this list") },
  flags: { page: pageFlag },
  examples: ["exceptions", "exceptions coc"],
  reply({ list }, { page }, { world, prefix }) {
    const { exceptions, exemptions } = world.settings;
    const those = [...exceptions.values()].filter((one) => !list || one.list === list.room);
    const exempt =
      exemptions.size > 0
        ? say`${count(exemptions.size, "exemption")} from all lists: ${code(`${prefix} exempt list`)}.`
        : undefined;
    if (those.length === 0) {
      const none = list
        ? say`Nobody is an exception from ${listName(list.room, world)}.`
        : say`Nobody is an exception from a single list.`;
      return { say: lines(none, exempt) };
    }
    const items = those.map(
      (one) =>
        say`${listName(one.list, world)}${world.isWatched(one.list) ? "" : say` (not watched)`}: ${describeException(one)}`,
    );
    const again = `${prefix} exceptions${list ? ` ${listWord(list, world)}` : ""}`;
    return { say: lines(pagesOf(count(those.length, "exception"), items, { page, again }), exempt) };
  },
});

/** "@friend:x since 2026-11-20 until ..., by @mod:x: they are ours". */
export function describeException({ entity, reason, by, at, expiresAt }: Exception): Say {
  return say`${code(entity)} since ${describeDay(at)}${untilText(expiresAt)}, by ${code(by)}${reason === "" ? "" : say`: ${plain(reason, 120)}`}`;
}
