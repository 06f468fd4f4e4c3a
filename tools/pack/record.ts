// SPDX-License-Identifier: GPL-2.0-only
/** `node record.js NAME SCRIPT`: runs a script as if it had been started, and packs what it has loaded when it ends. */
import { createRequire } from 'node:module';
import { record } from './pack';

const [, , name = '', script = ''] = process.argv;
const finish = record(name);
const end = process as unknown as { reallyExit(code: number): never }; // Node's types leave it out
const reallyExit = end.reallyExit.bind(process);
let written = false;

function once(): void {
  if (!written) finish();
  written = true;
}

// A judge exits without running exit handlers.
end.reallyExit = (code) => {
  once();
  return reallyExit(code);
};
process.on('exit', once);
createRequire(__filename)(script);
