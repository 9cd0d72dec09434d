/** `rules show`, `search` and `matching`: the rules on the watched lists. */
import { bullets, code, count, folded, joined, lines, say, type Say } from "../../kit/say.ts";
import { parseServerName, type RoomId, type UserId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { defineCommand, needed, optional, type CommandContext, type Entity } from "../define.ts";
import { describeRule, notAppliedNote } from "../shared/describe-rule.ts";
import { exceptedNote } from "../shared/excepted.ts";
import { listName } from "../shared/room-names.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";

/** Rules in a reply; more are shown page by page, or found by `rules search` and `rules matching`. */
const shownRules = 50;
const fewRules = 3;

export const rulesShow = defineCommand({
  words: ["rules", "show"],
  role: "viewer",
  also: [["rules"]],
  about: "Show the rules of one or all lists, newest first.",
  takes: { list: optional("list", "only this list, page by page") },
  flags: { page: pageFlag },
  examples: ["rules show", "rules coc", "rules coc --page 2"],
  reply: ({ list }, { page }, context) => ({ say: shown(list, page, context) }),
});

function shown(list: PolicyListView | undefined, page: number, context: CommandContext): Say {
  const lists = list ? [list] : context.world.watchedLists();
  const [only, ...others] = lists;
  if (!only) return say`I watch no list yet.`;
  if (others.length === 0) return pageOfRules(only, page, context);
  // Several lists share the bound of one, or the reply would not fit into an event.
  const most = Math.max(fewRules, Math.floor(shownRules / lists.length));
  const isMore = lists.some(({ size }) => size > most);
  return lines(
    ...lists.map((one) => rulesOf(one, most, context)),
    isMore ? narrower(undefined, context) : undefined,
  );
}

function pageOfRules(list: PolicyListView, page: number, context: CommandContext): Say {
  if (list.size === 0) return say`${listName(list.room, context.world)}: no rules`;
  const items = newestOf([...list.rules()], list.size).map((rule) => () => describeRule(rule));
  const again = `${context.prefix} rules ${list.shortcode ?? list.room}`;
  const listed = pagesOf(say`${summaryOf(list, context)}, newest first`, items, { page, again });
  return lines(listed, items.length > shownRules ? narrower(list, context) : undefined);
}

function rulesOf(list: PolicyListView, most: number, context: CommandContext): Say {
  if (list.size === 0) return say`${listName(list.room, context.world)}: no rules`;
  const newest = newestOf([...list.rules()], most);
  const more = list.size > most ? say`, the newest ${most}` : "";
  return folded(say`${summaryOf(list, context)}${more}`, bullets(newest.map((rule) => describeRule(rule))));
}

/** "list coc: 3 rules (2 users, 1 server)". */
function summaryOf(list: PolicyListView, { world }: CommandContext): Say {
  const kinds = Map.groupBy(list.rules(), ({ kind }) => kind);
  const counts = (["user", "server", "room"] as const).flatMap((kind) => {
    const those = kinds.get(kind)?.length ?? 0;
    return those > 0 ? [count(those, kind)] : [];
  });
  return say`${listName(list.room, world)}: ${count(list.size, "rule")} (${joined(counts)})`;
}

function narrower(list: PolicyListView | undefined, { prefix }: CommandContext): Say {
  const name = list?.shortcode ?? "<list>";
  return say`${code(`${prefix} rules search <text>`)} finds rules by what is in them, ${code(`${prefix} rules matching <who>`)} those about somebody; ${code(`${prefix} lists export ${name}`)} sends all of them as a file.`;
}

function newestOf(rules: readonly Rule[], most: number): readonly Rule[] {
  return [...rules].sort((a, b) => b.sentAt - a.sentAt).slice(0, most);
}

export const rulesSearch = defineCommand({
  words: ["rules", "search"],
  role: "viewer",
  about:
    "Find rules on all lists whose entity or reason holds a text, newest first. Upper and lower case are the same.",
  takes: { text: needed("rest", "what to look for, such as a name, a server or a part of a reason") },
  examples: ["rules search evil.example", "rules search scam network"],
  reply({ text }, _flags, context) {
    const { world } = context;
    const wanted = text.toLowerCase();
    const found = world
      .watchedLists()
      .flatMap((list) => [...list.rules()].filter((rule) => holds(rule, wanted)));
    if (found.length === 0)
      return {
        say: say`No rule holds ${code(text, 100)}. A hashed rule shows nobody's name: ${code(`${context.prefix} rules matching <who>`)} tries those as well.`,
      };
    const lists = new Set(found.map(({ list }) => list)).size;
    const more = found.length > shownRules ? say`, the newest ${shownRules}` : "";
    const items = newestOf(found, shownRules).map(
      (rule) => say`${listName(rule.list, world)}: ${describeRule(rule)}${notAppliedNote(rule, context)}`,
    );
    return {
      say: lines(
        say`${count(found.length, "rule")} on ${count(lists, "list")} with ${code(text, 100)}${more}:`,
        bullets(items),
      ),
    };
  },
});

function holds({ entity, reason }: Rule, wanted: string): boolean {
  return (entity?.toLowerCase().includes(wanted) ?? false) || reason.toLowerCase().includes(wanted);
}

export const rulesMatching = defineCommand({
  words: ["rules", "matching"],
  role: "viewer",
  about: "Show every rule that speaks about a user, server or room, and which of them decides.",
  takes: { who: needed("entity", "a user id, server or room") },
  examples: ["rules matching @somebody:example.org", "rules matching evil.example"],
  reply({ who }, _flags, context) {
    const rules = context.rulesInForce.inOrder(matching(who, context));
    const exemption = who.kind === "user" ? context.rulesInForce.exemptionOf(who.text as UserId) : undefined;
    const exemptNote =
      exemption && say`${code(who.text)} is exempt (${code(exemption.entity)}): no rule is applied.`;
    if (rules.length === 0) return { say: lines(say`No rule speaks about ${code(who.text)}.`, exemptNote) };
    const applied = rules.filter((rule) => exceptedNote(rule, who, context) === "");
    const isAnyLeftOut = applied.length < rules.length;
    const decides = context.rulesInForce.decide(applied.filter((rule) => rule.kind === who.kind));
    const verdict =
      decides && !exemption
        ? say`The first of the rules below${isAnyLeftOut ? " that is applied" : ""} decides: ${decides.kind}.`
        : undefined;
    const items = rules
      .slice(0, shownRules)
      .map(
        (rule) =>
          say`${listName(rule.list, context.world)}: ${describeRule(rule)}${notAppliedNote(rule, context)}${exceptedNote(rule, who, context)}`,
      );
    const more = rules.length > items.length ? say`, of which the first ${items.length}` : "";
    const title = say`${count(rules.length, "rule")} about ${code(who.text)}${more}:`;
    // The result first, as the rules may be many.
    return { say: lines(verdict, exemptNote, folded(title, bullets(items))) };
  },
});

function matching(who: Entity, { rulesInForce }: CommandContext): readonly Rule[] {
  const { index } = rulesInForce;
  if (who.isGlob) return index.rulesWithEntity(who.kind, who.text);
  switch (who.kind) {
    case "user":
      return index.rulesNamingUser(who.text as UserId);
    case "room":
      return index.rulesForRoom(who.text as RoomId);
    case "server": {
      const server = parseServerName(who.text);
      return server ? index.rulesNamingServer(server) : [];
    }
  }
}
