/** `tyr backup FILE`: copies the database of the data folder, and tells what is in the copy and how to restore it. */
import { loadDataPath } from "../config/data-path.ts";
import { renderProblem } from "../config/explain.ts";
import type { LoadInput } from "../config/load.ts";
import type { Clock } from "../kit/clock.ts";
import { backUp, NoBackup } from "../store/backup.ts";
import { databaseFile } from "../store/files.ts";

export type BackupEnding =
  | { readonly kind: "done"; readonly text: string }
  /** `asked`: the arguments are wrong; otherwise the copy failed. */
  | { readonly kind: "refused"; readonly text: string; readonly asked: boolean };

export function backupCommand(
  files: readonly string[],
  { input, clock }: { input: LoadInput; clock: Clock },
): BackupEnding {
  const [file, ...more] = files;
  if (file === undefined || file === "" || more.length > 0)
    return refused(
      "tyr backup FILE takes one file, and does not overwrite it: tyr backup tyr-backup.db",
      true,
    );
  const found = loadDataPath(input);
  if (!found.ok) return refused(found.problems.map((problem) => renderProblem(problem)).join("\n"), true);
  const startedAt = clock.now();
  try {
    const copy = backUp(found.dataPath, file);
    const seconds = ((clock.now() - startedAt) / 1_000).toFixed(1);
    return {
      kind: "done",
      text: [
        `Copied ${found.dataPath} to ${copy.file} in ${seconds} s and checked the copy: ${sizeOf(copy.bytes)}, ${counted(copy.rooms, "room")}, ${counted(copy.decisions, "decision")}.`,
        "Keep it as safe as the access token: it may hold one.",
        `To put it back: stop Tyr, remove ${databaseFile}, ${databaseFile}-wal and ${databaseFile}-shm from the data folder, copy it there as ${databaseFile}, start Tyr.`,
      ].join("\n"),
    };
  } catch (error) {
    if (!(error instanceof NoBackup)) throw error;
    const hint = error.message.startsWith("there is no data")
      ? ". Name the folder with --dataPath DIR, or the config with --config FILE."
      : "";
    return refused(`No copy was made: ${error.message.replace(/\.$/, "")}${hint || "."}`, false);
  }
}

function refused(text: string, asked: boolean): BackupEnding {
  return { kind: "refused", text, asked };
}

function counted(n: number, one: string): string {
  return `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000).toLocaleString("en")} kB`
    : `${(bytes / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}
