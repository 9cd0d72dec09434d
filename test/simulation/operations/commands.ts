/** What moderators type: every command that there is, with arguments made from its declaration. */
import { commands as registry } from "../../../src/commands/index.ts";
import type { ArgumentKind, Command } from "../../../src/commands/define.ts";
import type { Simulation } from "../simulation.ts";
import type { Operation } from "./operation.ts";
import { someEntity } from "./rules.ts";

/** Most are equally likely; these are not. */
const weights: Readonly<Record<string, number>> = {
  ban: 8,
  unban: 5,
  kick: 2,
  "exempt add": 2,
  "exempt remove": 2,
  "rooms add": 2,
  "rooms remove": 0.3,
  "lists watch": 2,
  "lists unwatch": 0.3,
  "lists create": 0.2,
  sync: 1,
  undo: 4,
  why: 1,
  // Those are said as answers.
  // Nothing of the rooms hangs on these, and they are many.
  ...Object.fromEntries(
    registry
      .filter(({ needs, words }) => needs || ["resolve", "alias", "directory", "config"].includes(words[0]!))
      .map(({ words }) => [words.join(" "), 0.05]),
  ),
  yes: 0.1,
  no: 0.1,
};
const usualWeight = 0.4;

export const commands: readonly Operation[] = [
  ...registry.map((command): Operation => {
    const words = command.words.join(" ");
    return {
      name: `!tyr ${words}`,
      weight: weights[words] ?? usualWeight,
      act: (simulation) => typed(simulation, lineOf(simulation, command)),
    };
  }),
  {
    name: "nonsense",
    weight: 0.5,
    act: (simulation) => {
      const { chance } = simulation;
      return typed(
        simulation,
        chance.pick(["bann @x:y", "", "ban", "help me", 'ban "', "undo everything now"]),
      );
    },
  },
  {
    name: "command of a stranger",
    weight: 1,
    act: (simulation) => {
      const { chance, story, town } = simulation;
      const by = chance.pick(town.people);
      const text = `!tyr ban ${chance.pick(town.people)}`;
      if (chance.happens(0.5)) {
        const room = chance.pick(town.rooms);
        if (story.homeserver.membership(room, by) !== "join") return undefined;
        simulation.say(text, by, { room, isVoid: true });
        return `${by} in ${room}: ${text}`;
      }
      const membership = story.homeserver.membership(story.managementRoom, by);
      // Who was a moderator a moment ago may still be one to Tyr.
      if (membership !== undefined) return undefined;
      const content = { msgtype: "m.text", body: text };
      const event = story.homeserver.forceSend(story.managementRoom, by, "m.room.message", content);
      const { managementRoom: room } = story;
      const { run } = simulation;
      const at = story.clock.now();
      const fate = { isVoid: true, isToNobody: false, isDoubtful: true };
      simulation.said.push({ event, room, by, text, run, at, ...fate });
      return `${by}, from outside: ${text}`;
    },
  },
];

function typed(simulation: Simulation, line: string): string {
  const { chance, story } = simulation;
  const moderators = story.homeserver
    .members(story.managementRoom)
    .filter((user) => user !== story.bot.userId && user !== story.moderator);
  const by = chance.happens(0.7) ? story.moderator : chance.pick([story.moderator, ...moderators]);
  const text = `!tyr ${line}`.trim();
  simulation.say(text, by);
  return `${by}: ${text}`;
}

function lineOf(simulation: Simulation, command: Command): string {
  const { chance } = simulation;
  const words = [...command.words];
  if (words[0] === "undo") return `undo ${undone(simulation)}`;
  for (const { kind, optional } of Object.values(command.takes)) {
    if (!optional || chance.happens(0.4)) words.push(argument(simulation, kind));
  }
  for (const [flag, { type }] of Object.entries(command.flags)) {
    const values = { boolean: [""], number: [" 5"], duration: [" 1m", " 2m", " 10m", " 1h"], text: [" coc"] };
    if (chance.happens(0.2)) words.push(`--${flag}${chance.pick(values[type])}`);
  }
  return words.join(" ");
}

/** What an undo is about: the newest command, one of the first by its number, somebody, or a list. */
function undone(simulation: Simulation): string {
  const { chance } = simulation;
  switch (chance.pick(["last", "last", "number", "number", "who", "list"])) {
    case "last":
      return "last";
    case "number":
      return String(chance.integer(1, 12));
    case "who":
      return argument(simulation, "entity");
    default:
      return argument(simulation, "list");
  }
}

function argument(simulation: Simulation, kind: ArgumentKind): string {
  const { chance, story, town } = simulation;
  switch (kind) {
    case "entity":
      return someEntity(simulation).entity;
    case "person":
      return someEntity(simulation, "user").entity;
    case "list":
      return chance.pick([...town.lists, ...town.spareLists, "coc", "second"]);
    case "room":
      return chance.pick([...town.rooms, ...town.spareRooms, ...town.spareLists, "#nowhere:hs.test"]);
    case "event": {
      const room = chance.pick(town.rooms);
      const event = chance.pick(story.homeserver.events(room));
      return `https://matrix.to/#/${room}/${event.event_id}`;
    }
    case "word":
      return chance.pick(["newlist", "other", "1", "2", "flood"]);
    case "rest":
      return chance.pick(["spam", "for a good reason", 'it\'s "quoted"']);
    case "written":
      return chance.pick([
        "when links then redact",
        "on joins when author.display has newlist then alert",
        "when text has newlist then redact+mute",
        "when autor is newcomer",
        "add free nitro, *coin",
        "remove *coin",
        "delete",
      ]);
    case "kind":
      return chance.pick(["user", "server"]);
    case "alias":
      return chance.pick(["#nowhere:hs.test", "#made:hs.test"]);
    case "media":
      return "mxc://hs.test/file";
    case "command":
      return chance.pick(["ban", "rooms add"]);
  }
}
