// The plain values of the interface. They stay plain JavaScript objects until machine.js hands copies of them to
// WebAssembly, which consumes (frees) what it is given.

"use strict";

class Id {
  constructor(id) {
    this.id = String(id);
  }
  toString() {
    return this.id;
  }
}

class UserId extends Id {}
class DeviceId extends Id {}
class RoomId extends Id {}

class DeviceLists {
  constructor(changed, left) {
    this.changed = changed ?? [];
    this.left = left ?? [];
  }
}

const EncryptionAlgorithm = { OlmV1Curve25519AesSha2: 0, MegolmV1AesSha2: 1 };
const HistoryVisibility = { Invited: 0, Joined: 1, Shared: 2, WorldReadable: 3 };
const StoreType = { Sqlite: 0 };
const RequestType = {
  KeysUpload: 0,
  KeysQuery: 1,
  KeysClaim: 2,
  ToDevice: 3,
  SignatureUpload: 4,
  RoomMessage: 5,
  KeysBackup: 6,
};

class EncryptionSettings {
  constructor() {
    this.algorithm = EncryptionAlgorithm.MegolmV1AesSha2;
    this.historyVisibility = HistoryVisibility.Shared;
    /** In milliseconds, as matrix-bot-sdk fills it in; one week. */
    this.rotationPeriod = 604_800_000n;
    this.rotationPeriodMessages = 100n;
  }
}

module.exports = {
  UserId,
  DeviceId,
  RoomId,
  DeviceLists,
  EncryptionSettings,
  EncryptionAlgorithm,
  HistoryVisibility,
  StoreType,
  RequestType,
};
