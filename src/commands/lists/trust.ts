/** `lists mode`, `weight` and `cap`: how far a list is trusted. Each shows first what that changes here, both ways. */
import { code, joined, lines, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { RuleKind } from "../../model/policy-rule.ts";
import {
  fullWeight,
  isSameTrust,
  listCaps,
  listModes,
  modeOf,
  trustIn,
  type ListCap,
  type ListMode,
  type WatchedList,
} from "../../model/settings/lists.ts";
import type { WorldView } from "../../model/world/view.ts";
import { previewOfTrust } from "../../policy/impact/trust-preview.ts";
import { defineCommand, needed, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { listName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { describeTrustPreview, isAnybodyIn } from "./trust-words.ts";

const kinds: readonly RuleKind[] = ["user", "server", "room"];

/** What follows the name of the mode. */
const effects: Readonly<Record<ListMode, string>> = {
  apply: "what it asks for is done",
  ask: "a rule that hits somebody here waits for a yes",
  notify: "it does nothing by itself, and counts beside other lists",
  off: "it is not heard at all",
};

export const listsMode = defineCommand({
  words: ["lists", "mode"],
  role: "admin",
  about: "Choose what becomes of a list's rules. Shows first whom that hits or lets go, and asks.",
  takes: {
    list: needed("list", "shortcode, room id or alias"),
    what: needed("word", "apply, ask, notify or off; or users, servers or rooms, and then one of them"),
    mode: optional("word", "the mode, where only rules for users, servers or rooms are meant"),
  },
  examples: ["lists mode coc notify", "lists mode coc servers ask"],
  reply({ list, what, mode }, _flags, context) {
    const watched = watchedList(list.room, context);
    if (!watched) return notWatched(list.room, context.world);
    const kind = kinds.find((one) => [one, `${one}s`].includes(what.toLowerCase()));
    if (!kind && mode !== undefined)
      return problem(say`${code(what, 60)} is no kind of rules: users, servers or rooms`);
    const word = kind ? mode : what;
    const chosen = listModes.find((one) => one === word?.toLowerCase());
    if (!chosen) return problem(noMode(word));
    const next = withMode(watched, kind ? [kind] : kinds, chosen);
    const whose = kind ? say` for ${kind}s` : "";
    const named = say`${listName(list.room, context.world)}`;
    const effect = effects[chosen];
    return trusting(watched, next, {
      now: say`The mode of ${named}${whose} is ${chosen}: ${effect}.`,
      before: say`The mode of ${named}${whose} would be ${chosen}: ${effect}.`,
      context,
    });
  },
});

export const listsWeight = defineCommand({
  words: ["lists", "weight"],
  role: "admin",
  about: "Choose how much a list counts. Below 100 it bans only together with others.",
  takes: {
    list: needed("list", "shortcode, room id or alias"),
    weight: needed("word", "from 1 to 100"),
  },
  examples: ["lists weight coc 50"],
  reply({ list, weight }, _flags, context) {
    const watched = watchedList(list.room, context);
    if (!watched) return notWatched(list.room, context.world);
    const number = /^\d{1,3}$/.test(weight) ? Number(weight) : 0;
    if (number < 1 || number > fullWeight)
      return problem(say`${code(weight, 60)} is no weight: it is a whole number from 1 to ${fullWeight}`);
    const { weight: _, ...others } = watched;
    const next = number === fullWeight ? others : { ...others, weight: number };
    const { threshold } = context.rulesInForce.trust;
    const named = listName(list.room, context.world);
    const alone = number >= threshold ? say`, so that it is enough alone` : "";
    return trusting(watched, next, {
      now: say`Weight of ${named}: ${number} of the ${threshold} that a ban takes${alone}.`,
      before: say`The weight of ${named} would be ${number} of the ${threshold} that a ban takes${alone}.`,
      context,
    });
  },
});

export const listsCap = defineCommand({
  words: ["lists", "cap"],
  role: "admin",
  about: "Choose the most that a list may lead to: a ban without a takedown, or a mute.",
  takes: {
    list: needed("list", "shortcode, room id or alias"),
    cap: needed("word", "ban, mute or none"),
  },
  examples: ["lists cap coc mute"],
  reply({ list, cap }, _flags, context) {
    const watched = watchedList(list.room, context);
    if (!watched) return notWatched(list.room, context.world);
    const chosen = (["none", ...listCaps] as const).find((one) => one === cap.toLowerCase());
    if (!chosen) return problem(say`${code(cap, 60)} is no cap: ban, mute or none`);
    const { cap: _, ...others } = watched;
    const next = chosen === "none" ? others : { ...others, cap: chosen };
    const named = listName(list.room, context.world);
    const most = atMost(chosen === "none" ? undefined : chosen);
    return trusting(watched, next, {
      now: say`A rule of ${named} leads to ${most}.`,
      before: say`A rule of ${named} would lead to ${most}.`,
      context,
    });
  },
});

function atMost(cap: ListCap | undefined): string {
  if (cap === undefined) return "whatever it asks for";
  return cap === "ban" ? "a ban at most, and to no takedown" : "a mute at most, and denies no server";
}

function noMode(word: string | undefined): Say {
  const names = joined(
    [joined(listModes.slice(0, -1).map((mode) => code(mode))), code(listModes.at(-1)!)],
    " or ",
  );
  return word === undefined ? say`Which mode? ${names}` : say`${code(word, 60)} is no mode: ${names}`;
}

export function watchedList(room: RoomId, { world }: CommandContext): WatchedList | undefined {
  return world.settings.lists.find((one) => one.room === room);
}

export function notWatched(room: RoomId, world: WorldView): Reply {
  return problem(say`${listName(room, world)} is no list that I watch`);
}

function withMode(list: WatchedList, of: readonly RuleKind[], mode: ListMode): WatchedList {
  const modes = kinds.flatMap((kind) => {
    const its = of.includes(kind) ? mode : modeOf(list, kind);
    return its === "apply" ? [] : [[kind, its] as const];
  });
  const { mode: _, ...others } = list;
  return modes.length === 0 ? others : { ...others, mode: Object.fromEntries(modes) };
}

function trusting(
  watched: WatchedList,
  next: WatchedList,
  how: { readonly now: Say; readonly before: Say; readonly context: CommandContext },
): Reply {
  if (isSameTrust(watched, next)) return { say: lines(how.now, say`That was so before.`) };
  return trustingAll([next], how);
}

/** `now`: what holds after the change; `before`: the same before a yes to it. `next`: the lists that change. */
export function trustingAll(
  next: readonly WatchedList[],
  { now, before, context }: { readonly now: Say; readonly before: Say; readonly context: CommandContext },
): Reply {
  const preview = previewOfTrust(next, context);
  const acts = next.map((list) =>
    settingsChange({ kind: "trust-list", list: list.room, trust: trustIn(list) }),
  );
  const asks = isAnybodyIn(preview) && !context.isConfirmed;
  const changes = describeTrustPreview(preview, asks ? "would" : "will");
  if (!asks) return { say: lines(now, ...changes), acts };
  return {
    say: lines(before, ...changes, say`Shall I do it?`),
    acts,
    waitsFor: { kind: "own-question", covers: preview.hitting },
  };
}
