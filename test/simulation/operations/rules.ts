/** What list keepers write with their clients: rules in all dialects, changed, taken back and wrong. */
import type { Content } from "../../homeserver/event.ts";
import type { Simulation } from "../simulation.ts";
import { servers } from "../town.ts";
import type { Operation } from "./operation.ts";

const dialects = ["m.policy.rule.", "m.room.rule.", "org.matrix.mjolnir.rule."];

export const rules: readonly Operation[] = [
  {
    name: "rule",
    weight: 10,
    act: (simulation) => {
      const { chance } = simulation;
      const { kind, entity } = someEntity(simulation);
      const type = chance.pick(dialects) + kind;
      const key = chance.pick([`rule:${entity}`, `rule:${entity}`, `k${chance.integer(1, 4)}`]);
      return write(simulation, type, key, contentFor(simulation, entity));
    },
  },
  {
    name: "rule edited",
    weight: 2,
    act: (simulation) => {
      const old = someRule(simulation);
      if (!old) return undefined;
      const { entity } = someEntity(simulation, old.type.split(".").at(-1));
      return write(simulation, old.type, old.key, contentFor(simulation, entity), old.list);
    },
  },
  {
    name: "rule in another dialect",
    weight: 1,
    act: (simulation) => {
      const old = someRule(simulation);
      if (!old) return undefined;
      const kind = old.type.split(".").at(-1)!;
      const { entity } = someEntity(simulation, kind);
      const type = simulation.chance.pick(dialects) + kind;
      return write(simulation, type, old.key, contentFor(simulation, entity), old.list);
    },
  },
  {
    name: "rule blanked",
    weight: 3,
    act: (simulation) => {
      const old = someRule(simulation);
      return old && write(simulation, old.type, old.key, {}, old.list);
    },
  },
  {
    name: "rule redacted",
    weight: 3,
    act: (simulation) => {
      const old = someRule(simulation);
      if (!old) return undefined;
      simulation.story.homeserver.redact(old.list, simulation.town.keepers.get(old.list)!, old.event);
      return `${old.type} ${old.key} in ${old.list}`;
    },
  },
  {
    name: "rule redacted in a gap",
    weight: 1,
    act: (simulation) => {
      const { story, town } = simulation;
      const old = someRule(simulation);
      // A gap in a room that is no list of Tyr's yet is not filled.
      if (!old || !story.world?.settings.lists.some((list) => list.room === old.list)) return undefined;
      story.homeserver.skipInSync([old.list]);
      story.homeserver.inOneGo(() => {
        story.homeserver.redact(old.list, town.keepers.get(old.list)!, old.event);
        // The one event that sync still tells of.
        story.homeserver.sendText(old.list, town.keepers.get(old.list)!, "took it back");
      });
      return `${old.type} ${old.key} in ${old.list}`;
    },
  },
  {
    name: "malformed rule",
    weight: 1,
    act: (simulation) => {
      const content = simulation.chance.pick<Content>([
        { entity: 5, recommendation: "m.ban" },
        { entity: "@x:y.test" },
        { recommendation: "m.ban" },
        { entity: "", recommendation: "m.ban" },
        { entity: "x".repeat(600), recommendation: "m.ban" },
        { entity: ["@x:y.test"], recommendation: { ban: true } },
        { entity: "@a:evil.test", recommendation: "m.ban", expiry: "soon" },
      ]);
      const type = simulation.chance.pick(dialects) + simulation.chance.pick(["user", "server"]);
      return write(simulation, type, `k${simulation.chance.integer(1, 4)}`, content);
    },
  },
];

/** An entity as rules and commands name them: people, servers, and globs of both. */
export function someEntity(
  { chance, town, story }: Simulation,
  wanted?: string,
): { readonly kind: string; readonly entity: string } {
  const kind = wanted ?? chance.pick(["user", "user", "user", "server", "server", "room"]);
  if (kind === "room") return { kind, entity: chance.pick(town.rooms) };
  const server = chance.pick(servers);
  if (kind === "server") return { kind, entity: chance.pick([server, server, `*.${server}`, "*evil*"]) };
  const moderators = story.homeserver.members(story.managementRoom);
  const user = chance.happens(0.2) ? chance.pick(moderators) : chance.pick(town.people);
  const globs = [
    `@*:${server}`,
    `${user.slice(0, 3)}*`,
    `@?ob:*`,
    `@spam*:*`,
    user.toUpperCase().replace("@", "@"),
  ];
  return { kind, entity: chance.happens(0.7) ? user : chance.pick(globs) };
}

function contentFor({ chance, story }: Simulation, entity: string): Content {
  const recommendation = chance.pick([
    ...["m.ban", "m.ban", "m.ban", "org.matrix.mjolnir.ban"],
    ...["m.takedown", "m.allow", "org.matrix.mjolnir.allow", "m.warn"],
  ]);
  const expiry = chance.happens(0.1)
    ? { expiry: story.clock.now() + chance.pick([1_000, 90_000, 300_000]) }
    : {};
  return { entity, recommendation, reason: chance.pick(["", "spam", "rude"]), ...expiry };
}

function write(simulation: Simulation, type: string, key: string, content: Content, into?: string): string {
  const { chance, story, town } = simulation;
  const list = into ?? chance.pick([...town.lists, ...town.lists, ...town.spareLists]);
  story.homeserver.setState(list, town.keepers.get(list)!, type, key, content);
  return `${type} ${key} in ${list}: ${JSON.stringify(content).slice(0, 150)}`;
}

interface OldRule {
  readonly list: string;
  readonly type: string;
  readonly key: string;
  readonly event: string;
}

function someRule({ chance, story, town }: Simulation): OldRule | undefined {
  const list = chance.pick([...town.lists, ...town.lists, ...town.spareLists]);
  const all = dialects.flatMap((dialect) =>
    ["user", "server", "room"].flatMap((kind) => story.homeserver.stateOfType(list, dialect + kind)),
  );
  const event = chance.pickMaybe(all.filter((one) => Object.keys(one.content).length > 0));
  return event && { list, type: event.type, key: event.state_key!, event: event.event_id };
}
