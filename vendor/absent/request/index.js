"use strict";

module.exports = function absent() {
  throw new Error("request is not installed: Tyr does not use the part of matrix-bot-sdk that needs it");
};
