/** Policy lists of any size in one call. */
import type { Content } from "./event.ts";
import { record, withFrozenContent } from "./submit.ts";
import type { World } from "./world.ts";

export interface NewRule {
  readonly type: string;
  readonly stateKey: string;
  readonly content: Content;
}

/** Written down without the auth rules: nobody waits for 100,000 permission checks. */
export function addRules(
  world: World,
  roomId: string,
  sender: string,
  count: number,
  make: (index: number) => NewRule = userRule,
): readonly string[] {
  const room = world.room(roomId);
  return world.inOneGo(() =>
    Array.from({ length: count }, (_, index) => {
      const draft = withFrozenContent({ roomId, sender, ...make(index) });
      return record(world, room, draft).eventId;
    }),
  );
}

export function userRule(index: number): NewRule {
  const entity = `@spammer${index}:evil${index % 100}.test`;
  return {
    type: "m.policy.rule.user",
    stateKey: `rule:${entity}`,
    content: { entity, recommendation: "m.ban", reason: "spam" },
  };
}

/** A rule with `{i}` wherever the index belongs, for scripts in another process. */
export function ruleFromTemplate(template: NewRule): (index: number) => NewRule {
  const text = JSON.stringify(template);
  return (index) => JSON.parse(text.replaceAll("{i}", String(index))) as NewRule;
}
