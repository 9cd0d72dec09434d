/** What commands name is looked up on the homeserver, and opened where it is encrypted. */
import type { LookUps } from "../management-room/hearing/command-look-ups.ts";
import type { Sealing } from "../matrix/crypto/sealing.ts";
import type { RestClient } from "../matrix/http/client.ts";
import { eventOf, fileAt, peopleCalled, resolveAlias, roomDetailsOf } from "../matrix/look-ups.ts";
import type { Clock } from "../kit/clock.ts";
import { policyServerAt } from "../matrix/policy-server-look-up.ts";

export function lookUpsOf({
  client: { transport },
  encryption,
  clock,
}: {
  readonly client: RestClient;
  readonly clock: Clock;
  readonly encryption: Sealing;
}): LookUps {
  return {
    alias: (alias) => resolveAlias(transport, alias),
    people: (name) => peopleCalled(transport, name),
    event: (room, event) => eventOf(transport, { room, event }, encryption),
    room: (room) => roomDetailsOf(transport, room),
    policyServer: (via) => policyServerAt(transport, via, clock),
    file: async ({ uri, sealed }, mostBytes) => {
      const bytes = await fileAt(transport, uri, mostBytes);
      if (!bytes || !sealed) return bytes;
      return (await encryption.openFile({ bytes, info: sealed })) ?? "unopened";
    },
  };
}
