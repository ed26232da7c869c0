#!/usr/bin/env node
// Starts the command line: from source through tsx in a clone of the repository, otherwise from the compiled package.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const source = join(__dirname, 'main.ts');
if (existsSync(source)) {
  require('tsx/cjs/api').register();
  require(source);
} else {
  require('./dist/cli/main.js');
}
