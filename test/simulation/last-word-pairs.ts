/** The pairs of commands that take each other back, and how it is seen which of them holds. */
import type { Story } from "../support/story.ts";

export interface Scene {
  readonly story: Story;
  /** Its number in this story, for names that no other interleaving has. */
  readonly number: number;
  /** In all protected rooms at the beginning. */
  readonly person: string;
}

export interface Pair {
  readonly name: string;
  readonly weight: number;
  readonly prepare?: (scene: Scene) => void | Promise<void>;
  /** The command, and the one that takes it back. */
  readonly words: (scene: Scene) => readonly [string, string];
  /** Only so many are said, in turn: what comes later would mean something else. */
  readonly most?: number;
  /** Leaves the story as it was for the next. */
  readonly after?: (scene: Scene) => string;
  /** What is not as the last word said; undefined where all is. */
  readonly isLost: (scene: Scene, last: 0 | 1) => string | undefined;
}

const memberships = ({ story, person }: Scene) =>
  story.rooms.map((room) => story.homeserver.membership(room, person));
const entries = ({ story, person }: Scene) =>
  story.rooms.map((room) => {
    const levels = story.homeserver.state(room, "m.room.power_levels")?.content;
    return (levels?.["users"] as Record<string, number> | undefined)?.[person];
  });
const rules = ({ story, person }: Scene) =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .filter(({ content }) => content["entity"] === person);

const expecting = (what: string, isSo: boolean) => (isSo ? undefined : what);

function isBanLost(scene: Scene, last: 0 | 1): string | undefined {
  const seen = `rules ${rules(scene).length}, ${memberships(scene).join(", ")}`;
  if (last === 0)
    return expecting(
      `not banned: ${seen}`,
      rules(scene).length === 1 && !memberships(scene).includes("join"),
    );
  return expecting(`still banned: ${seen}`, rules(scene).length === 0 && !memberships(scene).includes("ban"));
}

function isMuteLost(scene: Scene, last: 0 | 1): string | undefined {
  const now = entries(scene);
  const isSo = now.every((entry) =>
    last === 0 ? typeof entry === "number" && entry < 0 : entry === undefined,
  );
  return expecting(`levels ${now.map(String).join(", ")}`, isSo);
}

const isMember = (has: boolean, last: 0 | 1, what: string) =>
  expecting(`${what}: ${String(has)}`, has === (last === 0));

const spareRooms = new WeakMap<Scene, string>();

export const pairs: readonly Pair[] = [
  {
    name: "ban, unban",
    weight: 6,
    words: ({ person }) => [`!tyr ban ${person} coc spam`, `!tyr unban ${person}`],
    isLost: isBanLost,
  },
  {
    name: "ban by an id that is here nowhere, unban",
    weight: 1,
    prepare: ({ story, person }) => {
      for (const room of story.rooms) story.homeserver.leave(room, person);
    },
    words: ({ person }) => [`!tyr ban ${person} coc`, `!tyr unban ${person}`],
    isLost: isBanLost,
  },
  {
    name: "ban, undo of all that was done to somebody",
    weight: 2,
    words: ({ person }) => [`!tyr ban ${person} coc spam`, `!tyr undo ${person}`],
    isLost: isBanLost,
  },
  {
    name: "ban, undo last",
    weight: 1,
    most: 2,
    words: ({ person }) => [`!tyr ban ${person} coc spam`, "!tyr undo last"],
    isLost: isBanLost,
  },
  {
    name: "allow, unallow",
    weight: 1,
    words: ({ person }) => [`!tyr allow ${person} coc`, `!tyr unallow ${person}`],
    isLost: (scene, last) => isMember(rules(scene).length === 1, last, "allowed"),
  },
  {
    name: "mute, unmute",
    weight: 4,
    words: ({ person }) => [`!tyr mute ${person}`, `!tyr unmute ${person}`],
    isLost: isMuteLost,
  },
  {
    name: "mute for an hour, mute for ever",
    weight: 1,
    words: ({ person }) => [`!tyr mute ${person} --for 1h`, `!tyr mute ${person}`],
    isLost: ({ story, person }, last) => {
      const ends = story.rooms.map((room) => story.world?.mutes.get(room as never, person as never)?.until);
      return expecting(
        `ends ${ends.map(String).join(", ")}`,
        ends.every((end) => (end === undefined) === (last === 1)),
      );
    },
  },
  {
    name: "power level, default",
    weight: 3,
    words: ({ person }) => [`!tyr powerlevel ${person} 50`, `!tyr powerlevel ${person} default`],
    isLost: (scene, last) => {
      const now = entries(scene);
      return expecting(
        `levels ${now.map(String).join(", ")}`,
        now.every((entry) => entry === (last === 0 ? 50 : undefined)),
      );
    },
  },
  {
    name: "mute, power level",
    weight: 1,
    words: ({ person }) => [`!tyr mute ${person}`, `!tyr powerlevel ${person} 10`],
    isLost: (scene, last) => {
      const now = entries(scene);
      return expecting(
        `levels ${now.map(String).join(", ")}`,
        now.every((entry) => (last === 0 ? typeof entry === "number" && entry < 0 : entry === 10)),
      );
    },
  },
  {
    name: "exempt add, exempt remove",
    weight: 2,
    prepare: async (scene) => {
      const { story, person } = scene;
      story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person} coc`);
      await story.pass(30_000);
    },
    words: ({ person }) => [`!tyr exempt add ${person} ours`, `!tyr exempt remove ${person}`],
    isLost: (scene, last) => {
      const { story, person } = scene;
      if (last === 0 && memberships(scene).includes("ban")) return "exempt and banned";
      return isMember(story.world!.settings.exemptions.has(person), last, "exempt");
    },
  },
  {
    name: "lists watch, unwatch",
    weight: 3,
    prepare: (scene) => {
      const list = scene.story.room(`List ${scene.number}`);
      scene.story.homeserver.leave(list, scene.story.bot.userId);
      spareRooms.set(scene, list);
    },
    words: (scene) => [
      `!tyr lists watch ${spareRooms.get(scene)}`,
      `!tyr lists unwatch ${spareRooms.get(scene)}`,
    ],
    isLost: (scene, last) =>
      isMember(
        scene.story.world!.settings.lists.some(({ room }) => room === spareRooms.get(scene)),
        last,
        "watched",
      ),
    after: (scene) => `!tyr lists unwatch ${spareRooms.get(scene)}`,
  },
  {
    name: "rooms add, remove",
    weight: 2,
    prepare: (scene) => {
      const room = scene.story.room(`Spare ${scene.number}`);
      scene.story.homeserver.leave(room, scene.story.bot.userId);
      spareRooms.set(scene, room);
    },
    words: (scene) => [
      `!tyr rooms add ${spareRooms.get(scene)}`,
      `!tyr rooms remove ${spareRooms.get(scene)}`,
    ],
    isLost: (scene, last) =>
      isMember(scene.story.world!.settings.rooms.has(spareRooms.get(scene) as never), last, "protected"),
    after: (scene) => `!tyr rooms remove ${spareRooms.get(scene)}`,
  },
  {
    name: "protections enable, disable",
    weight: 1,
    words: () => ["!tyr protections enable flood", "!tyr protections disable flood"],
    isLost: ({ story }, last) =>
      isMember(story.world!.settings.protections.get("flood")?.["enabled"] === true, last, "on"),
  },
  {
    name: "protections set, set",
    weight: 1,
    words: () => ["!tyr protections set flood limit 17", "!tyr protections set flood limit 23"],
    isLost: ({ story }, last) =>
      isMember(story.world!.settings.protections.get("flood")?.["limit"] === 17, last, "limit 17"),
  },
];
