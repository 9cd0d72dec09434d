/** `config`: shows the settings of the config and where each comes from. It changes nothing. */
import { nearest } from "../../kit/did-you-mean.ts";
import { bullets, code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { SettingInForce } from "../../model/config-entry.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";

export const config = defineCommand({
  words: ["config"],
  role: "admin",
  about:
    "Show what of my config differs from the defaults and where it comes from, or all about one setting or section. It is changed in the config file, in the environment or by flags, and read at a start.",
  takes: { setting: optional("word", "a setting such as limits.rules, or a section such as limits") },
  examples: ["config", "config limits", "config guard.maxPeople"],
  reply: ({ setting }, _flags, context) =>
    setting === undefined ? changed(context) : about(setting, context),
});

function changed({ config: { entries: all }, prefix }: CommandContext): Reply {
  const given = all.filter((one) => one.isChanged);
  const how = say`${code(`${prefix} config ${all[0]?.path.split(".")[0] ?? ""}`)} shows a section, ${code(`${prefix} config ${all.at(-1)?.path ?? ""}`)} a setting. I read them at a start only.`;
  if (given.length === 0) return { say: lines(say`Every setting has its default.`, how) };
  return {
    say: lines(
      say`${count(given.length, "setting")} of ${all.length} ${given.length === 1 ? "differs" : "differ"} from the default:`,
      bullets(given.map(inALine)),
      how,
    ),
  };
}

function about(name: string, context: CommandContext): Reply {
  const {
    config: { entries: all },
    prefix,
  } = context;
  const lower = name.toLowerCase();
  const setting = all.find(({ path }) => path.toLowerCase() === lower) ?? onlyOneCalled(lower, all);
  if (setting) return { say: inFull(setting) };
  const inside = all.filter(({ path }) => path.toLowerCase().startsWith(`${lower}.`));
  if (inside.length > 0)
    return {
      say: lines(say`${count(inside.length, "setting")} in ${code(name)}:`, bullets(inside.map(inALine))),
    };
  const meant = nearest(name, namesIn(all));
  const hint = meant
    ? say`. Did you mean ${code(`${prefix} config ${meant}`)}?`
    : say`. ${code("docs/settings.md")} has them all.`;
  return problem(say`There is no setting or section ${code(name, 80)}${hint}`);
}

/** A setting by the last part of its path, if no other setting has the same. */
function onlyOneCalled(name: string, all: readonly SettingInForce[]): SettingInForce | undefined {
  const called = all.filter(({ path }) => lastOf(path).toLowerCase() === name);
  return called.length === 1 ? called[0] : undefined;
}

function namesIn(all: readonly SettingInForce[]): ReadonlySet<string> {
  const sections = all.flatMap(({ path }) =>
    path
      .split(".")
      .slice(0, -1)
      .map((_, i, parts) => parts.slice(0, i + 1).join(".")),
  );
  return new Set([...sections, ...all.map(({ path }) => path), ...all.map(({ path }) => lastOf(path))]);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function inALine({ path, value, unit, source, isChanged, default: standard }: SettingInForce): Say {
  const where = source === undefined ? say` (default)` : say` (${plain(source, 200)})`;
  const instead = isChanged && standard !== undefined ? say`, by default ${code(standard, 80)}` : "";
  return say`${code(path)}: ${valueOf(value, unit)}${where}${instead}`;
}

function inFull({
  path,
  value,
  unit,
  meaning,
  expected,
  source,
  default: standard,
  environmentVariable,
}: SettingInForce): Say {
  return lines(
    say`${code(path)}: ${valueOf(value, unit)}`,
    plain(meaning, 600),
    bullets([
      standard === undefined ? say`No default.` : say`Default: ${valueOf(standard, unit)}.`,
      ...(expected === undefined ? [] : [say`It is ${plain(expected)}.`]),
      source === undefined ? say`Nobody has set it.` : say`Set by ${plain(source, 200)}.`,
      say`To change it: in the config file, as ${code(environmentVariable)} or as ${code(`--${path}`)}, and a restart.`,
    ]),
  );
}

function valueOf(value: string | undefined, unit: string | undefined): Say {
  if (value === undefined) return say`not set`;
  return unit === undefined ? code(value) : say`${code(value)} ${plain(unit)}`;
}
