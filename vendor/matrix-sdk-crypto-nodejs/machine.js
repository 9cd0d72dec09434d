// OlmMachine as matrix-bot-sdk knows it, on top of the WebAssembly one. The two offer the same operations; this
// file bridges what differs: who owns the arguments, the shape of results, and two defects of the SDK's use.

"use strict";

const { RequestType, EncryptionAlgorithm } = require("./values.js");
const { wasm } = require("./wasm.js");

// Encrypting on a session that reached its message limit is a panic in WebAssembly, which ends the process.
// matrix-bot-sdk can get there with concurrent sends, so the library's limit lies this far above the wanted one,
// and the session is rotated here.
const MESSAGES_OF_HEADROOM = 1000;
const MOST_MESSAGES = 10_000;

class OlmMachine {
  #machine;
  /** Messages encrypted since the last rotation, by room. */
  #encrypted = new Map();

  /** Without a store path the keys live in memory only and are gone when the process ends. */
  static async initialize(userId, deviceId, storePath, passphrase) {
    const bindings = wasm();
    await bindings.initAsync();
    const storeName = storePath ? await require("./store.js").open(storePath) : undefined;
    const machine = await bindings.OlmMachine.initialize(
      new bindings.UserId(userId.id),
      new bindings.DeviceId(deviceId.id),
      storeName,
      passphrase || undefined,
    );
    return new OlmMachine(machine);
  }

  constructor(machine) {
    this.#machine = machine;
  }

  get identityKeys() {
    const { ed25519, curve25519 } = this.#machine.identityKeys;
    return { ed25519, curve25519 };
  }

  async outgoingRequests() {
    const requests = await this.#machine.outgoingRequests();
    return requests.map(plainRequest);
  }

  markRequestAsSent(requestId, requestType, response) {
    return this.#machine.markRequestAsSent(requestId, requestType, response ?? "{}");
  }

  updateTrackedUsers(users) {
    return this.#machine.updateTrackedUsers(copies(users));
  }

  async getMissingSessions(users) {
    const request = await this.#machine.getMissingSessions(copies(users));
    return request ? plainRequest(request) : null;
  }

  async shareRoomKey(roomId, users, settings) {
    await this.#rotateAfter(roomId, Number(settings.rotationPeriodMessages));
    const requests = await this.#machine.shareRoomKey(roomOf(roomId), copies(users), wasmSettings(settings));
    return requests.map(plainRequest);
  }

  encryptRoomEvent(roomId, eventType, content) {
    this.#encrypted.set(roomId.id, (this.#encrypted.get(roomId.id) ?? 0) + 1);
    return this.#machine.encryptRoomEvent(roomOf(roomId), eventType, content);
  }

  async decryptRoomEvent(event, roomId) {
    const { DecryptionSettings, TrustRequirement } = wasm();
    const settings = new DecryptionSettings(TrustRequirement.Untrusted);
    const decrypted = await this.#machine.decryptRoomEvent(event, roomOf(roomId), settings);
    const clearEvent = decrypted.event;
    decrypted.free();
    return { event: clearEvent };
  }

  /** Answers with the decrypted to-device events as a JSON array. */
  async receiveSyncChanges(toDeviceEvents, deviceLists, oneTimeKeyCounts, unusedFallbackKeys) {
    const { DeviceLists } = wasm();
    const processed = await this.#machine.receiveSyncChanges(
      toDeviceEvents,
      new DeviceLists(copies(deviceLists.changed), copies(deviceLists.left)),
      new Map(Object.entries(oneTimeKeyCounts ?? {})),
      new Set(unusedFallbackKeys ?? []),
    );
    const events = processed.map((event) => {
      const { rawEvent } = event;
      event.free();
      return JSON.parse(rawEvent);
    });
    return JSON.stringify(events);
  }

  async sign(message) {
    const signatures = await this.#machine.sign(message);
    return { get: (userId) => plainSignatures(signatures.get(new (wasm().UserId)(userId.id))) };
  }

  close() {
    this.#machine.close();
  }

  async #rotateAfter(roomId, limit) {
    if ((this.#encrypted.get(roomId.id) ?? 0) < limit) return;
    await this.#machine.invalidateGroupSession(roomOf(roomId));
    this.#encrypted.set(roomId.id, 0);
  }
}

/** WebAssembly takes ownership of the ids in an array, and the SDK uses its own a second time. */
function copies(users) {
  const { UserId } = wasm();
  return (users ?? []).map((user) => new UserId(user.id));
}

function roomOf(roomId) {
  return new (wasm().RoomId)(roomId.id);
}

function wasmSettings(settings) {
  const { EncryptionSettings } = wasm();
  const result = new EncryptionSettings();
  result.algorithm = settings.algorithm ?? EncryptionAlgorithm.MegolmV1AesSha2;
  result.historyVisibility = settings.historyVisibility;
  // The SDK hands over milliseconds where both bindings count microseconds.
  result.rotationPeriod = settings.rotationPeriod * 1000n;
  const withHeadroom = Number(settings.rotationPeriodMessages) + MESSAGES_OF_HEADROOM;
  result.rotationPeriodMessages = BigInt(Math.min(MOST_MESSAGES, withHeadroom));
  return result;
}

function plainRequest(request) {
  const { id, type, body } = request;
  const plain = { id, type, body };
  if (type === RequestType.ToDevice) {
    plain.eventType = request.event_type;
    plain.txnId = request.txn_id;
    // matrix-bot-sdk 0.8.0 looks for these two inside the body, where neither binding puts them.
    const names = { txn_id: request.txn_id, event_type: request.event_type };
    plain.body = JSON.stringify({ ...JSON.parse(body), ...names });
  }
  request.free?.();
  return plain;
}

function plainSignatures(signatures) {
  if (!signatures) return null;
  const entries = [...signatures].map(([keyId, maybe]) => [
    keyId,
    { isValid: maybe.isValid(), signature: maybe.signature },
  ]);
  return Object.fromEntries(entries);
}

module.exports = { OlmMachine };
