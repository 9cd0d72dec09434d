/** Misfortunes: what networks, servers, disks, clocks and machines do to Tyr. Each begins, and ends some time later. */
import { answerWith } from "./operations/questions.ts";
import type { Operation } from "./operations/operation.ts";
import type { Simulation } from "./simulation.ts";
import { storms } from "./storms.ts";

export interface Misfortune {
  readonly what: string;
  readonly end: () => void;
}

/** Everything works again, and time enough passes for Tyr to put right what it can. */
export async function heal(simulation: Simulation): Promise<void> {
  const { story } = simulation;
  simulation.note("(everything is healed)");
  heal.clear(simulation);
  simulation.requestsToLive = undefined;
  if (!simulation.isUp) simulation.start();
  await simulation.pass(60_000 + Math.max(0, story.clock.now() - story.clock.wall()));
  if (!simulation.isUp) simulation.start();
  await simulation.pass(400_000);
  if (story.world?.settings.stopping.stop) simulation.say("!tyr go", story.moderator);
  await simulation.pass(10_000);
  await sayYesToAll(simulation);
  if (simulation.resets.size > 0) {
    simulation.say("!tyr sync", story.moderator);
    await simulation.pass(60_000);
  }
}

/** Answers what is open, and takes back every no; what follows from that may have to be asked as well. */
async function sayYesToAll(simulation: Simulation): Promise<void> {
  const { story } = simulation;
  for (let round = 0; round < 10; round++) {
    const questions = [...(story.world?.questions.all ?? [])];
    const needed = questions.filter(
      ({ answer, about }) => !answer || (!answer.yes && about.kind !== "command"),
    );
    if (needed.length === 0) return;
    for (const { id } of needed) answerWith(simulation, `!tyr yes ${id}`, { question: id, yes: true });
    await simulation.pass(90_000);
  }
}

heal.clear = ({ misfortunes, story }: Simulation): void => {
  for (const misfortune of misfortunes) misfortune.end();
  misfortunes.clear();
  story.homeserver.clearFaults();
  story.homeserver.comeUp();
};

export const faults: readonly Operation[] = [
  fault("weather", 3, (simulation) => {
    const { chance, story } = simulation;
    const share = chance.pick([0.05, 0.3, 0.8]);
    const kinds = chance.some(Object.keys(storms), 0.5);
    if (kinds.length === 0) return undefined;
    story.homeserver.setWeather(() => (chance.happens(share) ? storms[chance.pick(kinds)] : undefined));
    return { what: `${kinds.join(", ")} at ${share}`, end: () => story.homeserver.setWeather(undefined) };
  }),
  fault("rate limit", 1, ({ chance, story: { homeserver } }) => {
    const [perSecond, burst] = chance.pick([
      [0.2, 10],
      [0.2, 2],
      [5, 10],
    ] as const);
    homeserver.limitWrites({ perSecond, burst });
    return { what: `${perSecond} a second, ${burst} at once`, end: () => homeserver.limitWrites(undefined) };
  }),
  fault("slow room", 1, ({ chance, story: { homeserver }, town }) => {
    const room = chance.pick([...town.rooms, ...town.lists]);
    const ms = chance.pick([500, 5_000, 40_000]);
    homeserver.setRoomLatency(room, ms);
    return { what: `${room} takes ${ms} ms`, end: () => homeserver.setRoomLatency(room, undefined) };
  }),
  fault("lossy room", 1, ({ chance, story: { homeserver }, town }) => {
    const room = chance.pick([...town.rooms, ...town.lists]);
    const loss = chance.pick(["requests", "answers", "silence"] as const);
    homeserver.setRoomLoss(room, loss);
    return { what: `${room} loses ${loss}`, end: () => homeserver.setRoomLoss(room, undefined) };
  }),
  fault("server down", 1, ({ story: { homeserver } }) => {
    homeserver.goDown();
    return { what: "gone", end: () => homeserver.comeUp() };
  }),
  fault("account", 0.5, ({ chance, story: { homeserver, bot } }) => {
    const standing = chance.pick(["locked", "suspended"] as const);
    homeserver.setStanding(bot.userId, standing);
    return { what: standing, end: () => homeserver.setStanding(bot.userId, "good") };
  }),
  fault("full disk", 0.5, ({ story, watch }) => {
    story.isDiskFull = true;
    watch.diskIsFull();
    return { what: "nothing can be written", end: () => (story.isDiskFull = false) };
  }),
  {
    name: "server restarts",
    weight: 1,
    act: ({ story }) => {
      story.homeserver.restart();
      return "connections are cut";
    },
  },
  {
    name: "repeated sync",
    weight: 1,
    act: (simulation) => {
      const { chance, isUp } = simulation;
      const { homeserver, bot } = simulation.story;
      // A new process cannot tell old news from news.
      if (!isUp) return undefined;
      simulation.isMisled = true;
      const times = chance.integer(1, 3);
      const back = chance.pick([1, 3, 10]);
      homeserver.repeatSync(bot.userId, { back, times });
      // What was said while nobody listened may be told again as if it were said now.
      for (const command of simulation.said) command.isToNobody = false;
      return `${times} times, from ${back} syncs ago`;
    },
  },
  {
    name: "skipping sync",
    weight: 1,
    act: (simulation) => {
      const { chance, story, town, said } = simulation;
      simulation.isMisled = true;
      const rooms = chance.happens(0.5) ? ("all" as const) : chance.some([...town.rooms, ...town.lists], 0.5);
      const times = chance.integer(1, 3);
      story.homeserver.skipInSync(rooms, times);
      // What was said in a gap is not obeyed.
      if (rooms === "all") for (const command of said) command.isDoubtful = true;
      return `${times} times: ${rooms === "all" ? rooms : rooms.join(", ")}`;
    },
  },
  {
    name: "lost sync answers",
    weight: 1,
    act: ({ chance, story }) => {
      const times = chance.integer(1, 4);
      const match = (request: { path: string }) => request.path.endsWith("/sync");
      story.homeserver.failNext({ match, status: 0, afterEffect: true, times });
      return `${times} times`;
    },
  },
  {
    name: "clock step",
    weight: 0.5,
    act: (simulation) => {
      const { chance, story } = simulation;
      const ms = chance.pick([-3_600_000, -60_000, -5_000, 5_000, 60_000, 3_600_000]);
      story.stepClock(ms);
      simulation.isMisled = true;
      return `${ms} ms`;
    },
  },
  {
    name: "kill",
    weight: 1.5,
    act: async (simulation) => {
      const { chance, story, folder, isUp } = simulation;
      if (folder === undefined || !isUp) return undefined;
      if (chance.happens(0.6)) {
        simulation.requestsToLive = chance.integer(1, 15);
        return `with request ${simulation.requestsToLive} from now`;
      }
      await story.clock.settle();
      story.kill();
      simulation.down("killed");
      return "now";
    },
  },
  {
    name: "power",
    weight: 1.5,
    act: async (simulation) => {
      const { chance, story, folder, isUp } = simulation;
      if (folder === undefined || !isUp) return undefined;
      await story.clock.settle();
      if (chance.happens(0.5)) {
        // What a full disk has kept from being written is not among it.
        simulation.safeUntil = simulation.watch.unwrittenSince ?? story.homeserver.position;
        story.remember();
        return "what is written is safe from here";
      }
      simulation.losePower();
      return "cut";
    },
  },
  {
    name: "restart",
    weight: 0.7,
    act: async (simulation) => {
      if (simulation.folder === undefined || !simulation.isUp) return undefined;
      await simulation.stop();
      simulation.down("stopped");
      return "stopped in order";
    },
  },
];

function fault(
  name: string,
  weight: number,
  begin: (simulation: Simulation) => Misfortune | undefined,
): Operation {
  return {
    name,
    weight,
    act: (simulation) => {
      const misfortune = begin(simulation);
      if (!misfortune) return undefined;
      const named = { ...misfortune, what: `${name}, ${misfortune.what}` };
      simulation.misfortunes.add(named);
      return misfortune.what;
    },
  };
}
