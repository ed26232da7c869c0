#!/usr/bin/env node
// Starts the command line: from its source, through tsx, in a clone of the repository; else as it was compiled for the package.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// Node's age is the person's own matter: the deployed function runs on a newer one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const source = join(__dirname, 'main.ts');
if (existsSync(source)) {
  require('tsx/cjs/api').register();
  require(source);
} else {
  require(join(__dirname, '..', 'dist', 'package', 'cli', 'main.js'));
}
