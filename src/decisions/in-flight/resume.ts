/**
 * Acts that an earlier run decided and did not finish. Some are resumed, some have come true meanwhile, some are judged anew
 * by this start, and of some nobody can know whether they were done.
 */
import { placeSetBy } from "../../model/actions/places.ts";
import { actKey, traitsOf } from "../../model/actions/traits.ts";
import type { Decision, Outcome, Step } from "../../model/decision.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { guard } from "../guard/guard.ts";
import { plan } from "../plan.ts";
import { stoppedCode } from "../../model/stopped.ts";

const uncertain = "Tyr was stopped while it was under way; look whether it was done before you try again";

/** The keys of the acts that will be resumed: judging, while we catch up, must not do them a second time. */
export function keysToResume(open: readonly Decision[]): ReadonlySet<string> {
  return new Set(open.filter((one) => !isJudgedAnew(one)).map(({ action }) => actKey(action)));
}

/** `steps`: what is resumed. `ended`: how the others ended. */
export function resumeOpen(
  open: readonly Decision[],
  {
    world,
    rulesInForce,
    at,
    prefix,
    isUnderWay,
  }: {
    world: WorldView;
    rulesInForce: RulesInForce;
    at: number;
    prefix: string;
    isUnderWay: (key: string) => boolean;
  },
): { readonly steps: readonly Step[]; readonly ended: readonly Outcome[] } {
  const { newest, replaced } = lastWords(open.filter((one) => !isJudgedAnew(one) && !isRisky(one)));
  const { allowed, refused } = guard(newest, { world, rulesInForce, at, prefix });
  const steps = plan(allowed, { world, isUnderWay });
  const resumed = new Set(steps.map((step) => step.decision.id));
  const ended: readonly Outcome[] = [
    ...allowed.flatMap((decision) =>
      resumed.has(decision.id) ? [] : { decision, result: { kind: "done" } as const },
    ),
    ...replaced.map((decision) => ({ decision, result: { kind: "superseded" } as const })),
    ...refused.map(({ decision, why, isStopped }) => ({
      decision,
      result: failure(isStopped ? stoppedCode : "REFUSED", why.text),
    })),
    ...open.filter(isRisky).map((decision) => ({ decision, result: failure("UNKNOWN", uncertain) })),
    ...open.filter(isJudgedAnew).map((decision) => {
      const kind = isBannedByUs(decision, world) ? ("done" as const) : ("superseded" as const);
      return { decision, result: { kind } };
    }),
  ];
  return { steps, ended };
}

/** Of several acts on one place, in the order in which they were decided, the last one counts. */
function lastWords(open: readonly Decision[]): {
  readonly newest: readonly Decision[];
  readonly replaced: readonly Decision[];
} {
  const last = new Map(open.map((decision) => [placeSetBy(decision.action), decision]));
  const isNewest = (decision: Decision): boolean => {
    const place = placeSetBy(decision.action);
    return place === undefined || last.get(place) === decision;
  };
  return { newest: open.filter(isNewest), replaced: open.filter((one) => !isNewest(one)) };
}

/** What the lists ask for is judged anew at every start anyway. */
function isJudgedAnew({ action, because }: Decision): boolean {
  const { afterCrash } = traitsOf(action).memory;
  const isOfPeople = because.kind === "command" || because.kind === "finding";
  return afterCrash === "judge-anew" || (afterCrash === "judge-anew-for-lists" && !isOfPeople);
}

/** Done a second time, its effect would be there twice. */
function isRisky({ action }: Decision): boolean {
  return traitsOf(action).memory.afterCrash === "never";
}

/** The ban was done; only its outcome was not written down before the crash. */
function isBannedByUs({ action }: Decision, world: WorldView): boolean {
  const record = action.kind === "ban" ? world.members.get(action.room, action.user) : undefined;
  return record?.membership === "ban" && record.isOurs;
}

function failure(code: string, message: string): Outcome["result"] {
  return { kind: "failed", lasting: false, code, message };
}
