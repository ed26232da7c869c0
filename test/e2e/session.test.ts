import { DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { deleteRole, isDenied, operatorActions } from '../../e2e/session';
import { codesOf, readTable } from '../docs/tables';

describe('the operator of the proof', () => {
  it('has only permissions that the docs list for the commands that it runs', () => {
    const commands = ['all', 'backfill', 'erase', 'report --erasures', 'redrive dead-letters'];
    const rows = readTable('docs/operating.md', 'Permissions for each command').filter(({ command = '' }) =>
      commands.includes(command.replaceAll('`', '')),
    );
    expect(rows).toHaveLength(commands.length);
    const documented = new Set(rows.flatMap(({ permissions }) => codesOf(permissions)));
    expect(operatorActions.filter((action) => !documented.has(action))).toEqual([]);
  });
});

describe('deleting a role', () => {
  const iam = mockClient(IAMClient);
  const missing = new NoSuchEntityException({ message: 'no role', $metadata: {} });
  beforeEach(() => {
    iam.reset().rejects(new Error('unplanned'));
  });

  it('deletes its policy first', async () => {
    iam.on(DeleteRolePolicyCommand).resolves({}).on(DeleteRoleCommand).resolves({});
    await deleteRole(new IAMClient(), 'a-role');
    expect(iam.calls().map(({ args: [command] }) => command.input)).toEqual([
      { RoleName: 'a-role', PolicyName: 'Operator' },
      { RoleName: 'a-role' },
    ]);
  });

  it('does nothing if a run was interrupted before it created the role', async () => {
    iam.on(DeleteRolePolicyCommand).rejects(missing).on(DeleteRoleCommand).rejects(missing);
    await expect(deleteRole(new IAMClient(), 'a-role')).resolves.toBeUndefined();
  });

  it('reports every other error', async () => {
    iam.on(DeleteRolePolicyCommand).resolves({});
    await expect(deleteRole(new IAMClient(), 'a-role')).rejects.toThrow('unplanned');
  });
});

describe('a denied call', () => {
  it.each([
    ['AccessDenied', true],
    ['AccessDeniedException', true],
    ['ThrottlingException', false],
    ['QueueDoesNotExist', false],
  ])('has the error name %s: %s', (name, expected) => {
    expect(isDenied(Object.assign(new Error('said'), { name }))).toBe(expected);
  });
});
