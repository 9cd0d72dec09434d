/** Globs that are too wide for what is given to those who match. */
import { compileGlob } from "../../kit/glob.ts";
import { serverOf, type UserId } from "../../model/ids.ts";

/** Whether a glob matches nearly everybody: it does if it matches people of two servers that have nothing in common. */
export function isEverybody(entity: string): boolean {
  const glob = compileGlob(entity, { ignoreCase: true });
  const strangers = ["@q7x:h3k.example", "@zw9:chat.v8.test", "@j-4:u2p.invalid"];
  return strangers.filter((user) => glob.matches(user) || glob.matches(serverOf(user as UserId))).length > 1;
}
