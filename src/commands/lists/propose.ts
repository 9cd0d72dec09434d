/** `lists propose`: a rule put to the editors of a list that Tyr may not write to, in the list's room or to be sent to them. */
import { block, code, count, joined, lines, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import { normaliseEntity, stableRuleType, type RuleKind } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import { hitAmongUs } from "../../policy/own-people.ts";
import { banContent, isBan, isWritable } from "../../policy/rule-writing.ts";
import { defineCommand, needed, optional, problem, yesFirst } from "../define.ts";
import { listWord } from "../shared/list-word.ts";
import { listName } from "../shared/room-names.ts";
import { unfitKind } from "../shared/unfit-kind.ts";

/** Editors who are mentioned: a list may have many, and a mention of all of them is a nuisance. */
const mentioned = 3;

export const listsPropose = defineCommand({
  words: ["lists", "propose"],
  role: "moderator",
  about:
    "Propose a ban to the editors of a list that I may not write to: said in the list's room, after a yes, where I may speak there; otherwise written out, with whom to send it to.",
  takes: {
    list: needed("list", "the list of others"),
    kind: optional("kind", "user, room or server, where the entity could be mistaken"),
    who: needed("entity", "whom or what: @name:server, server.example, or a glob of one"),
    reason: needed("rest", "why, for the editors; a link to a message is good evidence"),
  },
  examples: ["lists propose coc @spammer:example.org spam in six of our rooms"],
  reply({ list, who, reason }, _flags, { world, rulesInForce, prefix }) {
    const { room } = list;
    const name = listName(room, world);
    const unfit = unfitKind(who);
    if (unfit) return problem(unfit);
    if (isWritable(room, world, stableRuleType(who.kind)))
      return problem(
        say`I may write to ${name} myself: ${code(`${prefix} ban ${who.text} ${listWord(list, world)}`)}`,
      );
    const hit = hitAmongUs(who.text, world);
    if (hit !== undefined)
      return problem(
        say`${code(who.text)} would hit ${hit === world.self ? "me" : say`the moderator ${code(hit)}`}`,
      );
    const there = rulesInForce.index.rulesWithEntity(who.kind, normaliseEntity(who.kind, who.text));
    if (there.some((rule) => rule.list === room && isBan(rule)))
      return { say: say`${name} bans ${code(who.text)} already.` };
    const editors = editorsOf(room, who.kind, world);
    const text = proposalFor(who, reason);
    if (!maySpeak(room, world))
      return problem(lines(say`I may not speak in the room of ${name}. ${toWhom(editors)}`, block(text, "")));
    const users = editors.slice(0, mentioned);
    return {
      say: say`Proposal to ${name}: ban of ${code(who.text)}${users.length > 0 ? say`, mentioning ${joined(users.map((user) => code(user, 80)))}` : ""}`,
      acts: [{ action: { kind: "post", room, text, users, key: text } }],
      waitsFor: yesFirst(
        say`${count(world.members.joinedCount(room), "account")} may read it in the room of the list, in my name`,
      ),
    };
  },
});

function maySpeak(id: RoomId, world: WorldView): boolean {
  const room = world.rooms.get(id);
  if (room?.ownMembership !== "join") return false;
  return room.power.of(world.self) >= room.power.neededForMessage("m.room.message");
}

/** Whoever has a level of their own that lets them write such rules, the highest first. */
function editorsOf(room: RoomId, kind: RuleKind, world: WorldView): readonly UserId[] {
  const power = world.rooms.get(room)?.power;
  if (!power) return [];
  return power
    .named()
    .filter((user) => user !== world.self && power.canSendState(user, stableRuleType(kind)))
    .sort((a, b) => power.of(b) - power.of(a));
}

function toWhom(editors: readonly UserId[]): Say {
  if (editors.length === 0)
    return say`Nobody is named who may write there. The proposal, to be sent to whoever runs it:`;
  return say`Its editors: ${someOf(
    editors.slice(0, 5).map((user) => code(user, 80)),
    5,
    editors.length,
  )}. The proposal, to be sent to one of them:`;
}

/** For people, and as it would be written, for whoever copies it. */
function proposalFor(
  { kind, text }: { readonly kind: RuleKind; readonly text: string },
  reason: string,
): string {
  const content = JSON.stringify(banContent({ kind, text }, { reason }));
  return `A proposal for this list: a ban of the ${kind} ${text}. Why: ${reason}\n${stableRuleType(kind)} ${content}`;
}
