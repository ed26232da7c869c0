import { describe, expect, it } from '@jest/globals';
import { synthesize } from '../lib/stacks';
import { boxOf, drawnResources } from './flow-picture';
import { readTable } from './tables';

describe('the table of what remains after a removal', () => {
  it('says for each resource of the picture whether the template retains it', () => {
    const { Resources } = synthesize({ alarmEmail: 'on-call@example.com' }).toJSON() as Template;
    const retained = Object.entries(Resources).flatMap(([id, { Type, DeletionPolicy }]) =>
      DeletionPolicy === 'Retain' ? [boxOf(Type, id)?.label] : [],
    );
    const expected = drawnResources.map(({ label }) => [label, retained.includes(label) ? 'stays' : 'gone']);
    const said = readTable('docs/deploying.md', 'Removing').map(({ what, then }) => [what, then]);
    expect(said.sort()).toEqual(expected.sort());
    expect(retained.every((label) => label !== undefined)).toBe(true);
  });
});

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly DeletionPolicy?: string }>>;
}
