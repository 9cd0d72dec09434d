/**
 * Two moderators at once: commands and their take-backs, said in the same batch or within moments, while writes are slow or
 * fail. However they fall together, the end is what the last word said.
 */
import { Story } from "../support/story.ts";
import { Chance } from "./chance.ts";
import { pairs, type Pair, type Scene } from "./last-word-pairs.ts";
import { storms } from "./storms.ts";

export interface Interleaving {
  /** What was said and what came of it, for people. */
  readonly trace: readonly string[];
  readonly pair: string;
  /** What is not as the last word said. */
  readonly violation: string | undefined;
}

const fullLatencies = [30, 30, 200, 1_500] as const;

/** So many interleavings in a row, each about another person, on one homeserver. */
export async function lastWords(seed: number, count: number): Promise<readonly Interleaving[]> {
  const chance = new Chance(seed);
  const story = new Story({
    rooms: 2,
    onlyPromises: true,
    random: () => chance.next(),
    homeserver: { seed: seed + 1, writeLatencyMs: chance.pick(fullLatencies) },
    settings: { guard: { maxPeople: 1_000, maxRoomShare: 100, maxStaff: 1_000, maxServerShare: 100 } },
  });
  const second = secondModerator(story);
  await story.start();
  const done: Interleaving[] = [];
  for (let i = 0; i < count; i++) done.push(await interleave({ story, chance, second, number: i }));
  await story.stop();
  return done;
}

/** As high in the rooms as the first, so that neither is refused anything. */
function secondModerator(story: Story): string {
  const { userId } = story.homeserver.createUser("second");
  story.homeserver.invite(story.managementRoom, story.moderator, userId);
  story.homeserver.join(story.managementRoom, userId);
  for (const room of story.rooms) {
    const levels = story.homeserver.state(room, "m.room.power_levels")!.content;
    const users = { ...(levels["users"] as Record<string, number>), [userId]: 100 };
    story.homeserver.setState(room, story.moderator, "m.room.power_levels", "", { ...levels, users });
  }
  return userId;
}

async function interleave({
  story,
  chance,
  second,
  number,
}: {
  story: Story;
  chance: Chance;
  second: string;
  number: number;
}): Promise<Interleaving> {
  const pair = chance.weighted(pairs);
  const scene: Scene = { story, number, person: story.person(`p${number}-x`) };
  const trace: string[] = [`${pair.name}, of ${scene.person}`];
  const begin = story.clock.now();
  const note = (line: string) => trace.push(`${String(story.clock.now() - begin).padStart(7)}  ${line}`);
  let isOver = false;
  story.homeserver.onEvent((event) => {
    if (isOver || event.sender !== story.bot.userId) return;
    const what = JSON.stringify(event.content["body"] ?? event.content).slice(0, 200);
    note(`    tyr: ${event.type} ${event.state_key ?? ""} ${what}`);
  });
  await pair.prepare?.(scene);
  const words = pair.words(scene);
  let last = say({ words, pair, chance, at: -1 });
  // Sometimes the first of them is in force already.
  if (chance.happens(0.4)) {
    note(words[last]);
    story.homeserver.sendText(story.managementRoom, story.moderator, words[last]);
    await story.pass(60_000);
  }
  const isStormy = raiseStorm(story, chance, note);
  for (let left = pair.most ?? chance.integer(2, 4); left > 0; left--) {
    last = say({ words, pair, chance, at: last });
    const by = chance.pick([story.moderator, second]);
    note(`${by}: ${words[last]}`);
    story.homeserver.sendText(story.managementRoom, by, words[last]);
    if (chance.happens(0.6)) await story.pass(chance.integer(1, 200));
  }
  await story.pass(chance.pick([0, 500, 4_000]));
  note("(calm)");
  story.homeserver.clearFaults();
  for (const room of [...story.rooms, story.list]) story.homeserver.setRoomLatency(room, undefined);
  await story.pass(isStormy ? 180_000 : 20_000);
  const violation = pair.isLost(scene, last);
  isOver = true;
  const tidying = pair.after?.(scene);
  if (tidying) story.homeserver.sendText(story.managementRoom, story.moderator, tidying);
  await story.pass(10_000);
  return { trace, pair: pair.name, violation };
}

/** Which of the two is said next: mostly the other one. */
function say({
  pair,
  chance,
  at,
}: {
  words: readonly string[];
  pair: Pair;
  chance: Chance;
  at: number;
}): 0 | 1 {
  if (at === -1 || pair.most !== undefined) return at === 0 ? 1 : 0;
  const other = at === 0 ? 1 : 0;
  return chance.happens(0.85) ? other : (at as 0 | 1);
}

/** Writes that are slow or fail, and news that come late. */
function raiseStorm(story: Story, chance: Chance, note: (line: string) => void): boolean {
  if (chance.happens(0.5)) return false;
  const room = chance.pick([...story.rooms, story.list]);
  const slow = chance.pick([300, 3_000, 20_000]);
  story.homeserver.setRoomLatency(room, slow);
  note(`(a room takes ${slow} ms)`);
  if (chance.happens(0.5)) return true;
  const share = chance.pick([0.1, 0.5]);
  const kinds = chance.some(Object.keys(storms), 0.5);
  note(`(${kinds.join(", ")} at ${share})`);
  story.homeserver.setWeather(() =>
    kinds.length > 0 && chance.happens(share) ? storms[chance.pick(kinds)] : undefined,
  );
  return true;
}
