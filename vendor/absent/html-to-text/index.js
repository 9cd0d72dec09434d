"use strict";

module.exports = function absent() {
  throw new Error("html-to-text is not installed: Tyr does not use the part of matrix-bot-sdk that needs it");
};
