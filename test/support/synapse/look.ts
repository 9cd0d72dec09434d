/** What a real homeserver shows of a community: memberships, rules, levels, aliases, accounts, files. */

import { RequestFailed, type Content, type MatrixEvent, type TestClient } from "./client.ts";

export class Look {
  readonly #moderator: TestClient;
  /** An administrator of the homeserver. */
  readonly #root: TestClient;

  constructor(moderator: TestClient, root: TestClient) {
    this.#moderator = moderator;
    this.#root = root;
  }

  /** The membership of somebody in each of the rooms. */
  memberships(rooms: readonly string[], user: string): Promise<readonly (string | undefined)[]> {
    return Promise.all(rooms.map(async (room) => (await this.#moderator.members(room)).get(user)));
  }

  /** The power level that each of the rooms lists for somebody. */
  levels(rooms: readonly string[], user: string): Promise<readonly (number | undefined)[]> {
    return Promise.all(
      rooms.map(async (room) => {
        const content = await this.#moderator.getStateEvent(room, "m.room.power_levels");
        return (content?.["users"] as Readonly<Record<string, number>> | undefined)?.[user];
      }),
    );
  }

  /** "user @a:b", one for each rule of a list, sorted. */
  async rules(list: string, reader = this.#moderator): Promise<readonly string[]> {
    return (await reader.getState(list))
      .filter(({ type, content }) => type.startsWith("m.policy.rule.") && content["entity"] !== undefined)
      .map(({ type, content }) => `${type.slice("m.policy.rule.".length)} ${String(content["entity"])}`)
      .toSorted();
  }

  async isRedacted(room: string, event: string): Promise<boolean> {
    return (await this.#moderator.getEvent(room, event)).unsigned?.["redacted_because"] !== undefined;
  }

  /** Messages of somebody that still say something. */
  async messagesOf(room: string, user: string): Promise<readonly MatrixEvent[]> {
    const { chunk } = await this.#moderator.messages(room, { limit: 200 });
    return chunk.filter(
      ({ type, sender, content }) =>
        type === "m.room.message" && sender === user && Object.keys(content).length > 0,
    );
  }

  /** The room behind an alias. */
  async alias(alias: string): Promise<string | undefined> {
    const answer = await absent(
      this.#moderator.request("GET", `/directory/room/${encodeURIComponent(alias)}`),
    );
    return answer && String(answer["room_id"]);
  }

  /** "public" or "private": whether the homeserver's list of rooms has it. */
  async visibility(room: string): Promise<string> {
    const answer = await this.#moderator.request("GET", `/directory/list/room/${encodeURIComponent(room)}`);
    return String(answer["visibility"]);
  }

  async account(user: string): Promise<Content> {
    const path = `/_synapse/admin/v2/users/${encodeURIComponent(user)}`;
    const { suspended, locked, deactivated } = await this.#root.request("GET", path);
    return { suspended, locked, deactivated };
  }

  /** Whether the homeserver hands the file out. */
  async isHandedOut(uri: string): Promise<boolean> {
    const path = `/_matrix/client/v1/media/download/${uri.slice("mxc://".length)}`;
    const response = await fetch(`${this.#moderator.url}${path}`, {
      headers: { authorization: `Bearer ${this.#moderator.accessToken}` },
    });
    await response.arrayBuffer();
    return response.ok;
  }

  /** The state of a room as an administrator sees it, member or not; undefined where the room is gone. */
  async roomState(room: string): Promise<readonly MatrixEvent[] | undefined> {
    const path = `/_synapse/admin/v1/rooms/${encodeURIComponent(room)}/state`;
    const answer = await absent(this.#root.request("GET", path));
    return answer?.["state"] as readonly MatrixEvent[] | undefined;
  }

  async isBlocked(room: string): Promise<boolean> {
    const path = `/_synapse/admin/v1/rooms/${encodeURIComponent(room)}/block`;
    return (await this.#root.request("GET", path))["block"] === true;
  }
}

async function absent(request: Promise<Content>): Promise<Content | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof RequestFailed && error.status === 404) return undefined;
    throw error;
  }
}
