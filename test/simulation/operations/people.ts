/** What ordinary people do. */
import type { Simulation } from "../simulation.ts";
import type { Operation } from "./operation.ts";

export const people: readonly Operation[] = [
  {
    name: "join",
    weight: 10,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.join(room, user);
      return `${user} joins ${room}`;
    },
  },
  {
    name: "leave",
    weight: 3,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.leave(room, user);
      return `${user} leaves ${room}`;
    },
  },
  {
    name: "message",
    weight: 4,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.sendText(
        room,
        user,
        simulation.chance.pick(["hello", "@room", "buy this"]),
      );
      return `${user} speaks in ${room}`;
    },
  },
  {
    name: "invite",
    weight: 2,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.invite(room, simulation.story.moderator, user);
      return `${user} is invited to ${room}`;
    },
  },
  {
    name: "knock",
    weight: 1,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.knock(room, user);
      return `${user} knocks at ${room}`;
    },
  },
  {
    name: "renaming",
    weight: 1,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      const { homeserver } = simulation.story;
      if (homeserver.membership(room, user) !== "join") return undefined;
      homeserver.join(room, user, { displayname: `name ${simulation.chance.integer(0, 99)}` });
      return `${user} has another name in ${room}`;
    },
  },
];

export function somebodySomewhere({
  chance,
  town,
  story,
}: Simulation): readonly [room: string, user: string] {
  const moderators = story.homeserver
    .members(story.managementRoom)
    .filter((user) => user !== story.bot.userId && user !== story.moderator);
  const user = chance.happens(0.2) ? chance.pickMaybe(moderators) : undefined;
  return [chance.pick([...town.rooms, ...town.spareRooms]), user ?? chance.pick(town.people)];
}
