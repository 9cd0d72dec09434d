/** The texts of `help` and usage lines, made from the declarations of the commands. */
import { bullets, code, folded, lines, plain, say, type Say } from "../kit/say.ts";
import type { Command } from "./define.ts";

/** `ban <who> [list] [reason...] [--force]` */
export function usageOf(command: Command): string {
  const args = Object.entries(command.takes).map(([name, spec]) => {
    const shown = spec.kind === "rest" ? `${name}...` : name;
    return spec.optional ? `[${shown}]` : `<${shown}>`;
  });
  const flags = Object.entries(command.flags).map(([name, spec]) =>
    spec.type === "boolean" ? `[--${name}]` : `[--${name} ${spec.type === "number" ? "N" : "7d"}]`,
  );
  return [...command.words, ...args, ...flags].join(" ");
}

export function overview(commands: readonly Command[], prefix: string): Say {
  const items = commands.map((command) => say`${code(usageOf(command))}: ${command.about}`);
  return lines(
    say`Commands begin with ${code(prefix)}. ${code(`${prefix} help ban`)} explains one of them.`,
    folded(say`All ${commands.length} commands`, bullets(items)),
  );
}

export function detailed(command: Command, prefix: string): Say {
  const args = Object.entries(command.takes).map(
    ([name, spec]) => say`${code(name)}${spec.optional ? say` (optional)` : ""}: ${spec.about}`,
  );
  const flags = Object.entries(command.flags).map(([name, spec]) => {
    return say`${code(`--${name}`)}: ${spec.about}${spec.default === undefined ? "" : say` Default: ${String(spec.default)}.`}`;
  });
  const examples = command.examples.map((example) => code(`${prefix} ${example}`));
  const parts = [...args, ...flags];
  return lines(
    say`${code(`${prefix} ${usageOf(command)}`)}`,
    plain(command.about),
    parts.length > 0 ? bullets(parts) : undefined,
    plain("For example:"),
    bullets(examples),
  );
}
