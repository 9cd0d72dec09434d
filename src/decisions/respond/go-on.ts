/**
 * What a moderator said of people whose messages are held: to go on with the next step of the ladder, or to ban them. By
 * the road of all responses, so that nobody is hit who would be spared.
 */
import { valuesOf, type Protection } from "../../automod/define.ts";
import { parseLadder, type Response } from "../../automod/ladder.ts";
import { decide, type Decision } from "../../model/decision.ts";
import type { Target } from "../../model/finding.ts";
import type { HeldPerson } from "../../model/held-messages.ts";
import type { UserId } from "../../model/ids.ts";
import type { Offence } from "../../model/offences.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { isImmune, isNewcomer, sparingRegulars } from "./immunity.ts";
import { actsOf, writableList, type ResponseContext } from "./responses.ts";
import { causeOf } from "./targets.ts";

export interface GoingOn {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly protection: Protection;
  readonly incident: string;
  /** The moderator who said so. */
  readonly by: UserId;
  readonly isBan: boolean;
  readonly at: number;
}

export interface WentOn {
  readonly decisions: readonly Decision[];
  readonly offences: readonly Offence[];
}

export function goOn(people: readonly HeldPerson[], going: GoingOn): WentOn {
  const { world, protection, incident, isBan, at } = going;
  const decisions: Decision[] = [];
  const offences: Offence[] = [];
  for (const person of people) {
    const { user, room, step } = person;
    const values = valuesOf(protection, world.settings, room);
    if (isImmune({ room, user, at }, { ...values, newcomersOnly: false }, going)) continue;
    decisions.push(...(isBan ? banned(person, going) : nextStep(person, going)));
    offences.push({ protection: protection.name, user, step: step + 1, at, incident, rooms: [room] });
  }
  return { decisions, offences };
}

/** What comes after the step that held somebody; empty where it is the last one. */
export function stepAfter(step: number, response: string): readonly Response[] {
  const ladder = parseLadder(response);
  const next = ladder[step + 1];
  return next ? next.filter((one) => one !== "hold" && one !== "redact") : [];
}

function nextStep(person: HeldPerson, going: GoingOn): readonly Decision[] {
  const { world, protection, at } = going;
  const { user, room, step } = person;
  const { response, spareRegulars } = valuesOf(protection, world.settings, room);
  const { responses } = sparingRegulars(
    stepAfter(step, response),
    { room, user, at },
    { spareRegulars, protection, world },
  );
  return responses.flatMap((one) => carriedOut(one, person, going));
}

/** By the list, for all rooms; without one that we may write to, in every protected room that they are in. */
function banned(person: HeldPerson, going: GoingOn): readonly Decision[] {
  const { world, protection } = going;
  const { user, room } = person;
  if (writableList(valuesOf(protection, world.settings, room).list, world))
    return carriedOut("list", person, going);
  const rooms = new Set([room, ...world.protectedRoomsOf(user)]);
  return [...rooms].flatMap((one) => carriedOut("ban", { ...person, room: one }, going));
}

function carriedOut(
  response: Response,
  { user, room, sentence, step }: HeldPerson,
  { world, rulesInForce, protection, incident, by, at }: GoingOn,
): readonly Decision[] {
  const values = valuesOf(protection, world.settings, room);
  const about: Target = { kind: "person", user, room, evidence: [] };
  const { name } = protection;
  const list = response === "list" ? writableList(values.list, world) : undefined;
  const redacts = isNewcomer({ user, room, at }, values.newcomerHours, world);
  const context: ResponseContext = { world, rulesInForce, protection: name, sentence, values, list, redacts };
  const cause = { ...causeOf({ protection: name, about, sentence }, { incident, mode: "act" }), by };
  return actsOf(response, about, context).map(({ action, list: from }) =>
    decide(action, from ? { ...cause, list: from } : cause, { at, replaces: `${step} by a moderator` }),
  );
}
