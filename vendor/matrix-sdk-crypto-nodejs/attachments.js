// Encrypted files: the same two calls as the native bindings, with the data copied out of WebAssembly.

"use strict";

const { wasm } = require("./wasm.js");

class EncryptedAttachment {
  constructor(encryptedData, mediaEncryptionInfo) {
    this.encryptedData = encryptedData;
    this.mediaEncryptionInfo = mediaEncryptionInfo;
  }
}

class Attachment {
  static encrypt(data) {
    const { encryptedData, mediaEncryptionInfo } = wasm().Attachment.encrypt(data);
    return new EncryptedAttachment(encryptedData, mediaEncryptionInfo);
  }

  static decrypt(attachment) {
    const { EncryptedAttachment: WasmAttachment, Attachment: WasmAttachments } = wasm();
    return WasmAttachments.decrypt(
      new WasmAttachment(attachment.encryptedData, attachment.mediaEncryptionInfo),
    );
  }
}

module.exports = { Attachment, EncryptedAttachment };
