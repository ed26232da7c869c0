import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', '..', '.github', 'workflows');
const uses = readdirSync(folder).flatMap((name) =>
  [...readFileSync(join(folder, name), 'utf8').matchAll(/uses: (?<action>.+)/gu)].map((match) => [
    name,
    match.groups?.['action'] ?? '',
  ]),
);

describe('the workflows', () => {
  // A tag can be moved to other code later. Dependabot updates the commit and the version in the comment.
  it.each(uses)('%s pins the action to a commit: %s', (_, action) => {
    expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
  });
});
