/**
 * To whom the rules of one list are not applied here, and who said so. Kept apart from exemptions, which no list and no
 * protection may touch: whoever asks who is exempt, an earlier version included, must not take the one for the other.
 */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { RoomId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";
import type { Exemption } from "./exemptions.ts";

export interface Exception extends Exemption {
  readonly list: RoomId;
}

export interface ExceptionSettings {
  /** By `exceptionKey`. */
  readonly exceptions: ReadonlyMap<string, Exception>;
}

export type ExceptionChange =
  | { readonly kind: "except"; readonly exception: Exception }
  /** `expiredAt`: ends only an exception that expires then, not one made since in its place. */
  | {
      readonly kind: "unexcept";
      readonly list: RoomId;
      readonly entity: string;
      readonly expiredAt?: number;
    };

/** A room id holds no space. */
export function exceptionKey({ list, entity }: { readonly list: RoomId; readonly entity: string }): string {
  return `${list} ${entity}`;
}

export const exceptionChanges: ChangeRows<ExceptionSettings, ExceptionChange> = {
  except: {
    apply: ({ exceptions }, { exception }) => ({
      exceptions: withEntry(exceptions, exceptionKey(exception), exception),
    }),
    inverse: ({ exception }, { exceptions }) => {
      const before = exceptions.get(exceptionKey(exception));
      const { list, entity } = exception;
      return before ? { kind: "except", exception: before } : { kind: "unexcept", list, entity };
    },
    holds: ({ exception }, { exceptions }) => isSame(exceptions.get(exceptionKey(exception)), exception),
    subject: ({ exception }) => exception.entity,
  },
  unexcept: {
    apply: ({ exceptions }, change) => {
      const key = exceptionKey(change);
      const isMeant = change.expiredAt === undefined || change.expiredAt === exceptions.get(key)?.expiresAt;
      return isMeant ? { exceptions: withoutEntry(exceptions, key) } : {};
    },
    inverse: (change, { exceptions }) => {
      const exception = exceptions.get(exceptionKey(change));
      return exception && { kind: "except", exception };
    },
    holds: (change, { exceptions }) => !exceptions.has(exceptionKey(change)),
    subject: ({ entity }) => entity,
  },
};

/** Whether it is this very exception, and not another one of the same entity. */
function isSame(now: Exception | undefined, { by, at, reason, expiresAt }: Exception): boolean {
  return now?.by === by && now.at === at && now.reason === reason && now.expiresAt === expiresAt;
}
