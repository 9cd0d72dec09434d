/** What harmless crowds are made of: people who come within some minutes, at human pace. */
import { minuteMs } from "../../../src/kit/duration.ts";
import { human, type Naming } from "../blocks/names.ts";
import { byPopularity } from "../blocks/servers.ts";
import { greeting, question } from "../blocks/talk.ts";
import { comes, paces, type Crowd, type Promised, type Scene, type Stage, type Word } from "../scene.ts";

export const harmless = (
  name: string,
  about: string,
  promises: Promised,
  play: Scene["play"],
  must: Scene["must"] = {},
): Scene => ({
  ...{ name, about, is: "harmless", promises, play, must },
});

/** They come within so many minutes, and say something in the liveliest room. */
export function people(
  stage: Stage,
  {
    count,
    minutes,
    servers = byPopularity(stage.of.servers),
    naming = human,
    ...more
  }: {
    readonly count: number;
    readonly minutes: number;
    readonly servers?: Crowd["servers"];
    readonly naming?: Naming;
    readonly rooms?: readonly number[];
  },
  says: (word: Word) => void,
): void {
  comes(stage, {
    ...{ count, servers, naming, every: (minutes * minuteMs) / count, rooms: more.rooms ?? [0] },
    ...{ delay: paces.human, words: [1, 2], pause: paces.human, says },
  });
}

/** The middle delay of people, in seconds, where many come. */
export const unhurried = [50, 115] as const;

/** Harmless people who come for a talk. */
export function audience(stage: Stage, { count = 300, isApart = false } = {}): void {
  const { chance, script, of } = stage;
  comes(stage, {
    ...{ count, servers: byPopularity(of.servers), naming: human, every: (5 * minuteMs) / count, rooms: [0] },
    ...{ delay: paces.human, words: [1, 2], pause: paces.human, isApart },
    says: ({ who, place }) => script.say(who, chance.hits(0.7) ? greeting(chance) : question(chance), place),
  });
}
