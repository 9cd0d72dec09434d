/**
 * The try of a protection that goes on: one at a time, as each holds much of the past in memory. A moderator ends it by
 * ❌ or no to its message, or by `stop`.
 */
import type { Batch } from "../bot/part.ts";
import { protectionsTry } from "../commands/protections/try.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import type { EventId } from "../model/ids.ts";
import type { Observation } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Distrusting } from "./distrust.ts";
import { readYesOrNo } from "./hearing/question-answers.ts";

interface Running {
  readonly decision: string;
  /** The command, and the messages that reply to it. */
  readonly messages: Set<EventId>;
  /** The command, as messages about it name it. */
  readonly command: string;
  isCalledOff: boolean;
}

export class RunningTrial {
  readonly name = "trial of a protection";
  readonly #world: WorldView;
  readonly #distrust: Distrusting;
  #running: Running | undefined;

  constructor(world: WorldView, distrust: Distrusting) {
    this.#world = world;
    this.#distrust = distrust;
  }

  /** Asked by the act while it goes on. Undefined while another one does; the same may begin anew. */
  begin({ id, because }: Decision): { readonly isCalledOff: () => boolean } | undefined {
    if (this.#running && this.#running.decision !== id) return undefined;
    const command = because.kind === "command" ? because.event : undefined;
    const running: Running = {
      decision: id,
      messages: new Set(command ? [command] : []),
      command: command ?? "",
      isCalledOff: false,
    };
    this.#running = running;
    return { isCalledOff: () => running.isCalledOff };
  }

  seen({ seen }: Pick<Batch, "seen">): void {
    const running = this.#running;
    if (running && seen.some((one) => this.#ends(one, running))) running.isCalledOff = true;
  }

  ended({ decision, result }: Outcome): void {
    const running = this.#running;
    if (!running) return;
    if (decision.id === running.decision) this.#running = undefined;
    const { action } = decision;
    if (action.kind === "tell" && action.key === running.command && result.kind === "done" && result.eventId)
      running.messages.add(result.eventId);
  }

  #ends(one: Observation, { messages }: Running): boolean {
    if (one.kind === "settings-changed") return one.change.kind === "stop";
    if (one.kind !== "message" || one.room !== this.#world.settings.managementRoom) return false;
    // While anybody can join, anybody could end it: commands are not obeyed then, either.
    if (
      !this.#world.mayDo(one.event.sender, protectionsTry.role) ||
      this.#world.rooms.get(one.room)?.isPublic
    )
      return false;
    if (this.#distrust(one)) return false;
    const answer = readYesOrNo(one.event);
    return answer?.yes === false && answer.to !== undefined && messages.has(answer.to);
  }
}
