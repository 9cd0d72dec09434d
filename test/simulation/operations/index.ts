/** Everything that can happen. */
import { faults } from "../faults.ts";
import { commands } from "./commands.ts";
import type { Operation } from "./operation.ts";
import { people } from "./people.ts";
import { questions } from "./questions.ts";
import { rules } from "./rules.ts";
import { staff } from "./staff.ts";

export type { Operation } from "./operation.ts";

export const operations: readonly Operation[] = [
  ...people,
  ...rules,
  ...staff,
  ...commands,
  ...questions,
  ...faults,
];
