/** Who may answer what, and what is told of roles. */
import type { CommandFacts } from "../commands/define.ts";
import type { Config } from "../config/schema.ts";
import type { Announcements } from "../management-room/announcements.ts";
import type { Distrusting } from "../management-room/distrust.ts";
import { AnswerListener } from "../management-room/questions/hear-answer.ts";
import { RoleNews } from "../management-room/role-news.ts";

export interface RoleParts {
  readonly config: Config;
  readonly facts: CommandFacts;
  readonly announcements: Announcements;
  readonly distrust: Distrusting;
}

export function buildRoles({ config, facts: { world, commands }, announcements, distrust }: RoleParts) {
  const beginsWithout = config.commands.withoutRoles;
  return {
    answers: new AnswerListener({ world, commands, distrust }),
    roleNews: new RoleNews({ world, announcements, beginsWithout }),
  };
}
