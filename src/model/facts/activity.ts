/** Facts about how busy a room is, now and usually. */
import type { FactValue } from "./fact.ts";
import type { Source } from "./source.ts";

export const activity: Readonly<Record<string, (source: Source) => FactValue | undefined>> = {
  pace: ({ sighting: { world, room, at } }) => world.pace.messages(room, at),
  usual_pace: ({ sighting: { world, room, at } }) => {
    const usual = world.stored.usual.of(room, at);
    return usual && usual.messages / 60;
  },
  joins: ({ sighting: { world, room, at } }) => world.pace.joins(room, at),
  usual_joins: ({ sighting: { world, room, at } }) => world.stored.usual.of(room, at)?.joins,
  lag: ({ sighting: { world, room, at } }) => world.pace.lagMs(room, at),
};
