/** Cross-signing of a person: an identity is made or adopted, devices and other people are signed. */
import type { Secrets, Wanted } from "./engine.ts";
import { Refused } from "./link.ts";
import type { Session } from "./session.ts";

/** A new one; where there is one already the homeserver asks for the password. */
export async function makeIdentity(session: Session): Promise<void> {
  const { engine, login } = session;
  await session.inTurn(async () => {
    const requests = await engine.makeIdentity();
    const keys = requests.uploadKeysRequest as Wanted | undefined;
    if (keys !== undefined) await session.send(keys);
    await uploadSigningKeys(session, JSON.parse(requests.uploadSigningKeysRequest.body) as object);
    await session.send(requests.uploadSignaturesRequest);
    await session.lookAt(login.userId);
  });
}

async function uploadSigningKeys(session: Session, body: object): Promise<void> {
  const { userId, password = "password" } = session.login;
  const call = { method: "POST", path: "client/v3/keys/device_signing/upload", body } as const;
  try {
    await session.request(call);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    const identifier = { type: "m.id.user", user: userId };
    const auth = { type: "m.login.password", identifier, password, session: error.body["session"] };
    await session.request({ ...call, body: { ...body, auth } });
  }
}

/** With the secrets of another device of the same person this one is signed. */
export async function adoptIdentity(session: Session, secrets: Secrets): Promise<void> {
  const { userId, deviceId } = session.login;
  await session.inTurn(async () => {
    await session.lookAt(userId);
    await session.engine.adopt(secrets);
  });
  await signDevice(session, deviceId);
}

/** "Verify this login", on another device of the same person. */
export async function signDevice(session: Session, deviceId: string): Promise<void> {
  const { userId } = session.login;
  await session.inTurn(async () => {
    await session.lookAt(userId);
    await session.send(await session.engine.signDevice(deviceId));
    await session.lookAt(userId);
  });
}

/** After comparing emoji with somebody. */
export async function verifyPerson(session: Session, userId: string): Promise<void> {
  await session.inTurn(async () => {
    await session.lookAt(userId);
    await session.send(await session.engine.verify(userId));
    await session.lookAt(userId);
  });
}
