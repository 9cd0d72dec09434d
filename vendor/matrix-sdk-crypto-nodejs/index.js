// The interface of @matrix-org/matrix-sdk-crypto-nodejs 0.4, as far as matrix-bot-sdk uses it. Loading this file
// loads neither WebAssembly nor a store: a bot without encryption pays nothing.

"use strict";

const { Attachment, EncryptedAttachment } = require("./attachments.js");
const { OlmMachine } = require("./machine.js");
const { UserId, DeviceId, RoomId, DeviceLists, EncryptionSettings } = require("./values.js");
const { EncryptionAlgorithm, HistoryVisibility, StoreType, RequestType } = require("./values.js");

// Plain names only: Node finds the named exports of a CommonJS module by reading, not by running it.
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
  OlmMachine,
  Attachment,
  EncryptedAttachment,
};
