/** Answers to Tyr's questions: as commands, reactions, replies and bare words, by moderators and by those who are none. */
import type { Content } from "../../homeserver/event.ts";
import type { Simulation } from "../simulation.ts";
import type { Operation } from "./operation.ts";

interface Meant {
  readonly question: number;
  readonly yes: boolean;
}

export const questions: readonly Operation[] = [
  {
    name: "answer by command",
    weight: 3,
    act: (simulation) => {
      const meant = someAnswer(simulation);
      if (!meant) return undefined;
      const text = `!tyr ${meant.yes ? "yes" : "no"} ${meant.question}`;
      return `${answerWith(simulation, text, meant)}: ${text}`;
    },
  },
  {
    name: "answer by reaction",
    weight: 3,
    act: (simulation) => {
      const meant = someAnswer(simulation);
      const message = meant && messageOf(simulation, meant.question);
      if (message === undefined) return undefined;
      const { story, chance } = simulation;
      const key = chance.pick(meant!.yes ? ["✅", "👍🏽", "yes"] : ["❌", "👎", "no"]);
      story.homeserver.send(story.managementRoom, story.moderator, "m.reaction", reaction(message, key));
      noteAnswer(simulation, meant!, story.moderator);
      return `${key} to question ${meant!.question}`;
    },
  },
  {
    name: "answer by reply",
    weight: 2,
    act: (simulation) => {
      const meant = someAnswer(simulation);
      const message = meant && messageOf(simulation, meant.question);
      if (message === undefined) return undefined;
      const { story } = simulation;
      story.homeserver.send(
        story.managementRoom,
        story.moderator,
        "m.room.message",
        reply(message, meant!.yes),
      );
      noteAnswer(simulation, meant!, story.moderator);
      return `${meant!.yes ? "yes" : "no"} to question ${meant!.question}`;
    },
  },
  {
    name: "bare word",
    weight: 1,
    act: (simulation) => {
      const { story, chance, guard } = simulation;
      const word = chance.pick(["yes", "no", "Yes!", "n", "maybe"]);
      story.homeserver.sendText(story.managementRoom, story.moderator, word);
      // Which question it is meant for is for Tyr to say; it must be one that there is.
      if (word !== "maybe")
        for (const question of guard.messages.values())
          noteAnswer(simulation, { question, yes: word.toLowerCase().startsWith("y") }, story.moderator);
      return word;
    },
  },
  {
    name: "answer of a stranger",
    weight: 2,
    act: (simulation) => {
      const { story, chance, town, guard } = simulation;
      const message = chance.pickMaybe([...guard.messages.keys()]);
      const by = chance.pick(town.people);
      if (message === undefined || story.homeserver.membership(story.managementRoom, by) !== undefined)
        return undefined;
      const isReaction = chance.happens(0.5);
      const [type, content] = isReaction
        ? ["m.reaction", reaction(message, "✅")]
        : ["m.room.message", reply(message, true)];
      const inside = town.rooms.filter((room) => story.homeserver.membership(room, by) === "join");
      const room = chance.happens(0.5) ? chance.pickMaybe(inside) : story.managementRoom;
      if (room === undefined) return undefined;
      story.homeserver.forceSend(room, by, type, content);
      if (room === story.managementRoom)
        guard.answersFromOutside.push({ question: guard.messages.get(message)!, yes: true, by });
      return `${by} says yes in ${room}`;
    },
  },
];

/** Answers with a command; gives back who said it. */
export function answerWith(simulation: Simulation, text: string, meant: Meant): string {
  const by = simulation.story.moderator;
  noteAnswer(simulation, meant, by);
  simulation.say(text, by);
  return by;
}

function noteAnswer({ guard }: Simulation, { question, yes }: Meant, by: string): void {
  guard.answers.push({ question, yes, by });
}

function someAnswer({ chance, guard }: Simulation): Meant | undefined {
  const question = chance.pickMaybe([...guard.messages.values()]);
  return question === undefined ? undefined : { question, yes: chance.happens(0.6) };
}

function messageOf({ guard }: Simulation, question: number): string | undefined {
  return [...guard.messages].find(([, one]) => one === question)?.[0];
}

function reaction(message: string, key: string): Content {
  return { "m.relates_to": { rel_type: "m.annotation", event_id: message, key } };
}

function reply(message: string, yes: boolean): Content {
  return {
    msgtype: "m.text",
    body: yes ? "yes" : "no",
    "m.relates_to": { "m.in_reply_to": { event_id: message } },
  };
}
