/** What happens in a room, in the words of `on` and of what is counted: single kinds, and groups of them. */

export const kinds = [
  "message",
  "edit",
  "sticker",
  "poll",
  "media",
  "reaction",
  "join",
  "leave",
  "knock",
  "invite",
  "name",
  "avatar",
  "state",
  "redaction",
  "other",
  "report",
  "scan",
  "act",
] as const;
export type Kind = (typeof kinds)[number];

/** A set of kinds, one bit each in the order of `kinds`: an event may be of two, such as a new name and avatar at once. */
export type KindSet = number;

export function kindSet(...those: readonly Kind[]): KindSet {
  return those.reduce((set, kind) => set | (1 << kinds.indexOf(kind)), 0);
}

export function kindsIn(set: KindSet): readonly Kind[] {
  return kinds.filter((_, i) => (set & (1 << i)) !== 0);
}

const messages = kindSet("message", "edit", "sticker", "poll", "media");
/** Their own: an invitation is what somebody does to another. */
const memberships = kindSet("join", "leave", "knock");
const observed = kindSet("report", "scan", "act");
const events = kindSet(...kinds) & ~observed;

/** What everybody in the room sees of a person, and what fills it. */
export const speech = messages | memberships | kindSet("reaction", "name", "avatar", "other");

/** What no rule is asked about yet: the parts that will hear of it are not there. */
export const unheard = kindSet("scan");

/** By the word that people write: single kinds, their plurals, and groups. */
export const kindWords: ReadonlyMap<string, KindSet> = new Map<string, KindSet>([
  ...kinds.map((kind) => [kind, kindSet(kind)] as const),
  ["messages", messages],
  ["edits", kindSet("edit")],
  ["stickers", kindSet("sticker")],
  ["polls", kindSet("poll")],
  ["reactions", kindSet("reaction")],
  ["joins", kindSet("join")],
  ["leaves", kindSet("leave")],
  ["knocks", kindSet("knock")],
  ["invites", kindSet("invite")],
  ["memberships", memberships],
  ["names", kindSet("name")],
  ["avatars", kindSet("avatar")],
  ["redactions", kindSet("redaction")],
  ["reports", kindSet("report")],
  ["acts", kindSet("act")],
  ["speech", speech],
  ["events", events],
]);

/** "messages and joins": groups where they are whole, single kinds for the rest. */
export function describeKinds(set: KindSet): string {
  if (set === events) return "all events";
  const words: string[] = [];
  let left = set;
  for (const [group, word] of [
    [messages, "messages"],
    [memberships, "memberships"],
  ] as const)
    if ((left & group) === group) {
      words.push(word);
      left &= ~group;
    }
  words.push(...kindsIn(left));
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : (words[0] ?? "nothing");
}
