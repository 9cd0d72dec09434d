/**
 * Does what a policy server asks for by a signed message: redacts what reached a room although the server refused it. Only
 * what the room's own server has signed is done, by the key that the room names; the guard looks at it as at everything.
 */
import type { LookedAt } from "../../bot/part.ts";
import { hourMs } from "../../kit/duration.ts";
import { asObject } from "../../kit/json.ts";
import { code, count, say } from "../../kit/say.ts";
import { stableId } from "../../kit/hash.ts";
import { hasSignature } from "../../kit/signed-json.ts";
import type { Words } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { ObservationOf, Seen } from "../../model/observation.ts";
import type { PolicyVerdict } from "../../model/policy-commands.ts";
import type { PolicyServer } from "../../model/policy-server.ts";
import type { WorldView } from "../../model/world/view.ts";
import { policyServerInForce } from "../../policy/policy-servers.ts";
import type { Announcements } from "../announcements.ts";
import type { ProgressMessages } from "../progress/progress-messages.ts";

export interface PolicyCommandsOptions {
  readonly world: WorldView;
  readonly messages: Pick<ProgressMessages, "found">;
  readonly announcements: Pick<Announcements, "trouble">;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** What is older is for people to judge: it may have waited anywhere. */
const freshMs = hourMs;
/** Of all servers: a key in wrong hands must not empty the rooms. */
const mostAnHour = 100;

/** As `m.room.policy` has it. */
const keyName = "policy_server";

type Command = ObservationOf<"policy-command">;

export class ObeyPolicyServers {
  readonly name = "signed redactions";
  readonly #options: PolicyCommandsOptions;
  readonly #world: WorldView;
  /** When something was obeyed, ms since the epoch, in the last hour. */
  #obeyedAt: number[] = [];
  #beyondToldAt = -Infinity;
  #isBeyond: string | undefined;

  constructor(options: PolicyCommandsOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  proposes({ seen, at }: Pick<LookedAt, "seen" | "at">): readonly Decision[] {
    return seen.flatMap((one) => (one.kind === "policy-command" ? (this.#heard(one, at) ?? []) : []));
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    const via = this.#isBeyond;
    this.#isBeyond = undefined;
    if (via === undefined || Math.abs(at - this.#beyondToldAt) < hourMs) return [];
    this.#beyondToldAt = at;
    const message = this.#options.announcements.trouble(
      say`The policy server ${code(via)} asks for more than ${count(mostAnHour, "redaction")} an hour. I do no more of them for now: please look whether its key is in the right hands.`,
      { what: `policy beyond ${at}`, topic: "policy servers", at },
    );
    return message ? [message] : [];
  }

  #heard(command: Command, at: number): Decision | undefined {
    const { room, event } = command;
    const server = this.#world.isProtected(room) ? policyServerInForce(room, this.#world) : undefined;
    const verdict = server ? this.#verdictOn(command, server, at) : "forged";
    this.#options.believe({ kind: "policy-command-judged", verdict }, at);
    if (verdict === "beyond") this.#isBeyond = server?.via;
    if (verdict !== "obeyed" || !server) return undefined;
    this.#obeyedAt.push(at);
    const because = causeOf(server, { room, at });
    this.#options.messages.found(
      because,
      say`The policy server ${code(server.via)} asked for it, and has signed that:`,
      at,
    );
    const user = this.#world.recentEvents.authorOf(event)?.user;
    const action = { kind: "redact", room, event, user, reason: because.protection } as const;
    return decide(action, because, { at, replaces: "" });
  }

  #verdictOn(command: Command, server: PolicyServer, at: number): PolicyVerdict {
    if (!isSignedBy(command, server)) return "forged";
    if (!this.#isFresh(command, at)) return "stale";
    this.#obeyedAt = this.#obeyedAt.filter((then) => Math.abs(at - then) < hourMs);
    return this.#obeyedAt.length >= mostAnHour ? "beyond" : "obeyed";
  }

  /** The message has no time of its own: it is no older than the event, nor than the time since we last heard. */
  #isFresh({ event, room }: Command, at: number): boolean {
    const written = this.#world.recentEvents.authorOf(event);
    if (written) return Math.abs(at - written.at) < freshMs;
    return this.#world.heldUpMs(room, { at, late: false }) < freshMs;
  }
}

function causeOf(
  { via }: PolicyServer,
  { room, at }: { readonly room: string; readonly at: number },
): Extract<Cause, { kind: "finding" }> {
  const day = new Date(at).toISOString().slice(0, 10);
  const incident = stableId("policy server", via, room, day);
  return { kind: "finding", protection: "policy server", incident, sentence: `${via} asks for it` };
}

/** Nothing else may have signed it: what cannot be looked at is not taken for good. */
function isSignedBy({ content }: Command, { via, key }: PolicyServer): boolean {
  const signatures = asObject(content["signatures"]) ?? {};
  const its = asObject(signatures[via]) ?? {};
  if (Object.keys(signatures).length !== 1 || Object.keys(its).length !== 1) return false;
  return hasSignature(content, { by: via, name: keyName, key });
}
