// Loads the WebAssembly bindings at first use: compiling them takes tens of milliseconds and some 40 MB.

"use strict";

let bindings;

/** For calls that may be the first. Synchronous: the Node build of the bindings compiles on require. */
function wasm() {
  bindings ??= require("@matrix-org/matrix-sdk-crypto-wasm");
  return bindings;
}

module.exports = { wasm };
