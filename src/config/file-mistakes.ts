/** Why a file could not be read, in plain words. */

export function fileMistake(file: string, error: unknown): { cause: string; hint: string } {
  switch (codeOf(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return {
        cause: `${file} does not exist`,
        hint: "Check its name; a relative one starts at the current folder.",
      };
    case "EACCES":
    case "EPERM":
      return { cause: `${file} may not be read by this user`, hint: "Change its owner or its permissions." };
    case "EISDIR":
      return { cause: `${file} is a folder`, hint: "Name a file in it." };
    default:
      return { cause: `${file} could not be read (${codeOf(error)})`, hint: "Check that it can be opened." };
  }
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown error";
}
