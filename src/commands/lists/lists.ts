/** `lists`, `lists create`, `watch`, `unwatch` and `default`: which policy lists are followed and written to. */
import { code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import { stableRuleType } from "../../model/policy-rule.ts";
import { placeOfList } from "../../model/timed-acts.ts";
import { trustIn } from "../../model/settings/lists.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { ListPreview } from "../../policy/impact/list-preview.ts";
import { isWritable } from "../../policy/rule-writing.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Proposal,
  type Reply,
} from "../define.ts";
import { roomLink } from "../../model/links.ts";
import { ensureVisible } from "../shared/ensure-visible.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";
import { listName } from "../shared/room-names.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { emptyList, previewed } from "./preview.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { troubleOf } from "../shared/room-trouble.ts";
import { howListsDecide, listNotes } from "../shared/list-notes.ts";

export const listsList = defineCommand({
  words: ["lists"],
  role: "viewer",
  also: [["lists", "list"]],
  about: "Show the lists I watch, in the order in which they decide.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["lists"],
  reply: (_args, { page }, { world, prefix }) => ({
    say: listed(world, { page, prefix }),
  }),
});

function listed(world: WorldView, { page, prefix }: { page: number; prefix: string }): Say {
  const { lists } = world.settings;
  if (lists.length === 0)
    return say`I watch no list yet. ${code(`${prefix} lists create <shortcode>`)} makes one, ${code(`${prefix} lists watch #list:server`)} follows one.`;
  const items = lists.map((watched) => {
    const { room: id } = watched;
    const list = world.lists.get(id);
    const counts = { user: 0, room: 0, server: 0 };
    for (const rule of list?.rules() ?? []) counts[rule.kind]++;
    const trouble = troubleOf(id, world);
    const malformed = list?.malformed.size ?? 0;
    return say`${listName(id, world)} ${code(id)} (${plain(listNotes(watched, world).join(", "))}): ${count(counts.user, "user")}, ${count(counts.server, "server")}, ${count(counts.room, "room")}${malformed > 0 ? say`; ${count(malformed, "event")} that look like rules and are none` : ""}${trouble ? say`. ${trouble}` : ""}`;
  });
  return pagesOf(say`${count(lists.length, "list")}, ${howListsDecide(world.settings)}`, items, {
    page,
    again: `${prefix} lists`,
  });
}

/** Of a room's name: longer ones are cut by clients. */
const longestName = 100;

export const listsCreate = defineCommand({
  words: ["lists", "create"],
  role: "admin",
  about: "Make a new policy list, invite you to it, and watch it.",
  takes: {
    shortcode: needed("word", "a short name for commands, such as coc"),
    alias: optional("word", "the local part of its address; without it the list has none"),
  },
  flags: {
    name: { type: "text", about: "How its room is called; without it by its shortcode." },
    public: {
      type: "boolean",
      about:
        "Put it on my homeserver's public list of rooms. Anybody who knows its address can join in any case.",
    },
  },
  examples: [
    "lists create coc",
    "lists create coc community-bans",
    'lists create coc community-bans --name "Bans of our community" --public',
  ],
  reply({ shortcode, alias = "" }, { name = "", public: isPublic }, { world, by }) {
    if (!/^[a-z0-9_-]{1,30}$/i.test(shortcode))
      return problem(say`${code(shortcode)} cannot be a shortcode: use 1 to 30 letters, digits, - and _`);
    const sameName = world.watchedLists().find((list) => list.isCalled(shortcode));
    if (sameName)
      return problem(say`I already watch a list called ${code(shortcode)}: ${code(sameName.room)}`);
    if (name.length > longestName)
      return problem(say`the name is too long: I take ${count(longestName, "character")}`);
    const full = listsFull(world);
    if (full) return problem(full);
    const further = { ...(name === "" ? {} : { name }), ...(isPublic ? { isPublic: true as const } : {}) };
    const address = alias.replace(/^#|:.*$/g, "");
    return {
      say: say`New list ${shortcode}`,
      acts: [{ action: { kind: "create-list", shortcode, alias: address, inviter: by, ...further } }],
    };
  },
});

export const listsWatch = defineCommand({
  words: ["lists", "watch"],
  role: "admin",
  about:
    "Follow a policy list: its rules are applied in all protected rooms. Shows first what that would do, and asks where it would hit anybody.",
  takes: { room: needed("room", "the list's room: !id, #alias or a link") },
  flags: {
    "keep-bans": { type: "boolean", about: "Keep the bans made for a rule of this list when the rule goes." },
    now: {
      type: "boolean",
      about: "Follow it without a look and a question. What hits too many still waits for a yes.",
    },
    for: {
      type: "duration",
      about:
        "For how long, such as 7d; then I stop following it, and its bans are lifted. Without it for good.",
    },
  },
  examples: [
    "lists watch #community-moderation-effort-bl:neko.dev",
    "lists watch #bans:example.org --keep-bans",
    "lists watch #our-own-bans:example.org --now",
    "lists watch #bans:example.org --for 2w",
  ],
  reply({ room }, flags, context) {
    const { world } = context;
    const until = expiryOf(flags.for, context);
    if (world.isWatched(room.id)) return watchedAlready(room, until, context);
    const full = listsFull(world);
    if (full) return problem(full);
    const follow = following(room, { liftsBans: !flags["keep-bans"], until, context });
    if (flags.now || context.isConfirmed)
      return { say: say`Watching ${code(room.text)}${untilText(until)}`, acts: follow };
    const notVisibleYet = ensureVisible(
      room,
      say`Reading ${code(room.text)}, to show what it would do`,
      context,
    );
    if (notVisibleYet) return notVisibleYet;
    const shown = previewed(room, context);
    if (!shown || hitsNobody(shown.preview))
      return {
        say: lines(
          say`Watching ${code(room.text)}${untilText(until)}, as it hits nobody here now.`,
          shown?.say ?? emptyList(room, context),
        ),
        acts: follow,
      };
    return {
      say: lines(shown.say, say`Shall I follow it${untilText(until)}?`),
      acts: follow,
      waitsFor: { kind: "own-question", covers: shown.preview.hitting },
    };
  },
});

/** A list with rules against our moderators is asked about, too, although such rules are never applied. */
function hitsNobody({ people, againstUs }: ListPreview): boolean {
  return people.size + againstUs.length === 0;
}

function following(
  { id: room, via }: ArgumentValues["room"],
  {
    liftsBans,
    until,
    context: { world },
  }: { liftsBans: boolean; until: number | undefined; context: CommandContext },
): readonly Proposal[] {
  const isIn = world.rooms.get(room)?.ownMembership === "join";
  // A list that takes the place of another is trusted as that one was.
  const older = world.settings.lists.find(
    (one) => world.rooms.get(one.room)?.tombstone?.replacement === room,
  );
  return [
    ...(isIn ? [] : [{ action: { kind: "join", room, via } } as const]),
    settingsChange({ kind: "watch", list: { room, via, liftsBans, ...trustIn(older ?? {}) } }, until),
  ];
}

/** Said again without an end it stays for good. An end is not given to what is there: to take it back would lift its bans. */
function watchedAlready(
  { id, text }: ArgumentValues["room"],
  until: number | undefined,
  { world, prefix }: CommandContext,
): Reply {
  const end = world.stored.timedActs.get(placeOfList(id))?.until;
  const list = world.settings.lists.find(({ room }) => room === id);
  if (until !== undefined)
    return problem(
      say`I watch ${code(text)} already${untilText(end)}; ${code(`${prefix} lists unwatch ${text}`)} ends that`,
    );
  if (end === undefined || !list) return { say: say`I watch ${code(text)} already` };
  return { say: say`Watching ${code(text)} without an end`, acts: [settingsChange({ kind: "watch", list })] };
}

function listsFull({ settings, limits }: WorldView): Say | undefined {
  if (settings.lists.length < limits.lists) return undefined;
  return say`I watch ${count(limits.lists, "list")} and may watch no more; ${code("limits.lists")} in the config is the bound`;
}

export const listsUnwatch = defineCommand({
  words: ["lists", "unwatch"],
  role: "admin",
  about:
    "Stop following a list. The bans that were made for its rules are lifted unless another list asks for them.",
  takes: { list: needed("list", "shortcode, room id or alias") },
  examples: ["lists unwatch coc"],
  reply({ list }, _flags, { world }) {
    return {
      say: say`No longer watching ${listName(list.room, world)} ${code(roomLink(list.room))}`,
      acts: [settingsChange({ kind: "unwatch", list: list.room })],
      callsOff: list.room,
    };
  },
});

/** The same words for a list that is not watched yet: it is still being looked at, or asked about. */
export const listsUnwatchRoom = defineCommand({
  words: ["lists", "unwatch"],
  role: "admin",
  about: "Call off a lists watch that is not done yet.",
  takes: { room: needed("room", "the list's room, as lists watch took it") },
  examples: ["lists unwatch #bans:example.org"],
  reply({ room }, _flags, { world, by }) {
    const watching = world.settings.previews.get(room.id)?.command;
    if (watching === undefined || world.isWatched(room.id))
      return problem(say`${code(room.text)} is no list that I watch`);
    const question = world.questions.ofCommand(watching);
    return {
      say: say`Not watching ${code(room.text)}: called off`,
      callsOff: room.id,
      acts:
        question && !question.answer
          ? [{ action: { kind: "answer-question", question: question.id, yes: false, by } }]
          : [],
    };
  },
});

export const listsDefault = defineCommand({
  words: ["lists", "default"],
  role: "admin",
  about: "Choose the list that gets the rules of commands that name none.",
  takes: { list: needed("list", "shortcode, room id or alias") },
  examples: ["lists default coc"],
  reply({ list }, _flags, { world }) {
    const power = world.rooms.get(list.room)?.power;
    const level = power?.neededForState(stableRuleType("user"));
    const unfit =
      level === undefined || isWritable(list.room, world)
        ? ""
        : say`, and I may not write to it: no command can until I have level ${level} there.`;
    return {
      say: say`${listName(list.room, world)} is the default now${unfit}`,
      acts: [settingsChange({ kind: "set-default-list", list: list.room })],
    };
  },
});
