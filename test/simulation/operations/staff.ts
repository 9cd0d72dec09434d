/** What room admins, moderators and the server itself do to rooms: bans by hand, levels, ACLs, upgrades, state resets. */
import type { Content } from "../../homeserver/event.ts";
import type { Simulation } from "../simulation.ts";
import type { Operation } from "./operation.ts";
import { somebodySomewhere } from "./people.ts";

export const staff: readonly Operation[] = [
  {
    name: "ban by hand",
    weight: 2,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.ban(room, adminOf(simulation, room), user);
      return `${user} in ${room}`;
    },
  },
  {
    name: "unban by hand",
    weight: 2,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.unban(room, adminOf(simulation, room), user);
      return `${user} in ${room}`;
    },
  },
  {
    name: "kick by hand",
    weight: 1,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      simulation.story.homeserver.kick(room, adminOf(simulation, room), user);
      return `${user} in ${room}`;
    },
  },
  {
    name: "level of a person",
    weight: 1,
    act: (simulation) => {
      const [room, user] = somebodySomewhere(simulation);
      const level = simulation.chance.pick([0, 0, 50, 100]);
      setLevels(simulation, room, (users) => ({ ...users, [user]: level }));
      return `${user} has ${level} in ${room}`;
    },
  },
  {
    name: "level of Tyr",
    weight: 1,
    act: (simulation) => {
      const { chance, town, story } = simulation;
      const room = chance.pick(town.rooms);
      const level = chance.pick([0, 50, 100, 100]);
      setLevels(simulation, room, (users) => ({ ...users, [story.bot.userId]: level }));
      return `${level} in ${room}`;
    },
  },
  {
    name: "ACL by hand",
    weight: 1.5,
    act: (simulation) => {
      const { chance, story, town } = simulation;
      const room = chance.pick(town.rooms);
      const current = story.homeserver.state(room, "m.room.server_acl")?.content;
      const content = chance.pick(
        editsOf(current ?? { allow: ["*"], deny: [], allow_ip_literals: true }, simulation),
      );
      story.homeserver.forceState(room, adminOf(simulation, room), "m.room.server_acl", "", content);
      return `${room}: ${JSON.stringify(content).slice(0, 150)}`;
    },
  },
  {
    name: "state reset",
    weight: 1,
    act: (simulation) => {
      const { chance, story } = simulation;
      const [room, user] = somebodySomewhere(simulation);
      const [type, key] = chance.happens(0.7) ? ["m.room.member", user] : ["m.room.server_acl", ""];
      const past = story.homeserver.events(room).filter((one) => one.type === type && one.state_key === key);
      const to = chance.pickMaybe(past);
      if (!to) return undefined;
      story.homeserver.resetState(room, type, key, to.event_id);
      simulation.resets.add(`${room} ${user}`);
      return `${type} ${key} in ${room} to ${JSON.stringify(to.content).slice(0, 100)}`;
    },
  },
  {
    name: "upgrade",
    weight: 0.3,
    act: ({ chance, story, town }) => {
      const old = chance.pick(town.rooms);
      const predecessor = { room_id: chance.pick([old, old, town.spareRooms[0]!]) };
      const next = story.room("Next", { creationContent: { predecessor } });
      town.spareRooms.push(next);
      const content = { body: "moved", replacement_room: next };
      story.homeserver.forceState(old, story.moderator, "m.room.tombstone", "", content);
      return `${old} leads to ${next}`;
    },
  },
  {
    name: "Tyr thrown out",
    weight: 0.7,
    act: (simulation) => {
      const { chance, story, town } = simulation;
      const room = chance.pick([...town.rooms, ...town.spareRooms]);
      const membership = chance.pick(["leave", "ban"]);
      const admin = adminOf(simulation, room);
      story.homeserver.forceState(room, admin, "m.room.member", story.bot.userId, { membership });
      return `of ${room} (${membership})`;
    },
  },
  {
    name: "Tyr invited",
    weight: 1.5,
    act: ({ chance, story, town }) => {
      const { homeserver, bot, moderator } = story;
      const room = chance.pickMaybe(
        [...town.rooms, ...town.spareRooms].filter(
          (one) => homeserver.membership(one, bot.userId) !== "join",
        ),
      );
      if (room === undefined) return undefined;
      if (homeserver.membership(room, bot.userId) === "ban")
        homeserver.forceState(room, moderator, "m.room.member", bot.userId, { membership: "leave" });
      homeserver.invite(room, moderator, bot.userId);
      return `to ${room}`;
    },
  },
  {
    name: "new moderator",
    weight: 1,
    act: ({ chance, story, town, said, guard }) => {
      const user = chance.pick(town.people);
      story.homeserver.invite(story.managementRoom, story.moderator, user);
      if (chance.happens(0.5)) return `${user} is invited to be one`;
      story.homeserver.join(story.managementRoom, user);
      // Told both at once, Tyr takes what was said from outside just before for a moderator's word.
      for (const one of said) if (one.by === user && one.room === story.managementRoom) one.isVoid = false;
      guard.answers.push(...guard.answersFromOutside.filter(({ by }) => by === user));
      return user;
    },
  },
  {
    name: "moderator dismissed",
    weight: 1,
    act: ({ chance, story, said }) => {
      const { homeserver, managementRoom, moderator, bot } = story;
      const others = [...homeserver.members(managementRoom), ...homeserver.members(managementRoom, "invite")];
      const user = chance.pickMaybe(others.filter((one) => one !== moderator && one !== bot.userId));
      if (user === undefined) return undefined;
      homeserver.kick(managementRoom, moderator, user);
      // Whether Tyr receives the command before the dismissal is left to chance.
      for (const command of said) if (command.by === user) command.isDoubtful = true;
      return user;
    },
  },
];

function adminOf({ town, story }: Simulation, room: string): string {
  return town.admins.get(room) ?? story.moderator;
}

function setLevels(
  { story }: Simulation,
  room: string,
  change: (users: Record<string, number>) => Record<string, number>,
): void {
  const { homeserver, moderator } = story;
  const power = homeserver.state(room, "m.room.power_levels")!.content;
  const users = change(power["users"] as Record<string, number>);
  homeserver.forceState(room, moderator, "m.room.power_levels", "", { ...power, users });
}

function editsOf(acl: Content, { chance }: Simulation): readonly Content[] {
  const deny = (acl["deny"] ?? []) as string[];
  return [
    { ...acl, deny: [...deny, chance.pick(["handmade.test", "*.handmade.test", "mixed.test"])] },
    { ...acl, deny: deny.slice(1) },
    { ...acl, deny: [] },
    { ...acl, deny: [...deny, "hs.test"] },
    { ...acl, allow: ["*.test", "other.example"] },
    { deny: ["handmade.test"] },
    {},
  ];
}
