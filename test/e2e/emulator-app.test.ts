import { describe, expect, it } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib';
import { createApp } from '../../bin/live-photos';
import { adaptToEmulator, type EmulatorDifferences, readDifferences, variablesOf } from '../../e2e/emulator-app';
import { findUnknownTypes } from '../../e2e/stack-under-test';
import { environmentNames } from '../../contract/environment';

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;

function resourcesOf(differences?: EmulatorDifferences): Resources {
  const app = createApp();
  if (differences !== undefined) adaptToEmulator(app, differences);
  const stack = app.node.findChild('LivePhotos');
  if (!(stack instanceof Stack)) throw new Error('LivePhotos is not a stack');
  return (Template.fromStack(stack).toJSON() as { Resources: Resources }).Resources;
}

function complyCubeBaseUrlOf(resources: Resources): unknown {
  const fn = Object.values(resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const { Variables } = fn?.Properties['Environment'] as { Variables: Record<string, unknown> };
  return Variables[environmentNames.complyCubeBaseUrl];
}

const baseUrl = 'http://127.0.0.1:4010/v1';

describe('the stack on an emulator', () => {
  const asOnAws = resourcesOf();
  const adapted = resourcesOf({
    complyCubeBaseUrl: baseUrl,
    unsupportedTypes: ['AWS::SecretsManager::ResourcePolicy'],
  });

  it('uploads to the stand-in, or to ComplyCube without a stand-in', () => {
    const sandboxed = resourcesOf({ complyCubeBaseUrl: undefined, unsupportedTypes: [] });
    expect([asOnAws, adapted, sandboxed].map(complyCubeBaseUrlOf)).toEqual([
      'https://api.complycube.com/v1',
      baseUrl,
      'https://api.complycube.com/v1',
    ]);
  });

  it('has one metric instead of metric math in an alarm, and no other change in that alarm', () => {
    const [id = '', alarm] = Object.entries(asOnAws).find(([, { Properties }]) => 'Metrics' in Properties) ?? [];
    const { Metrics, ...same } = alarm?.Properties ?? {};
    const { MetricStat } = (Metrics as { MetricStat?: { Metric: object; Period: number; Stat: string } }[]).find(
      (query) => query.MetricStat !== undefined,
    ) ?? { MetricStat: undefined };
    expect(adapted[id]?.Properties).toEqual({
      ...same,
      ...MetricStat?.Metric,
      Period: MetricStat?.Period,
      Statistic: MetricStat?.Stat,
    });
  });

  it('has no other differences than these, unsupported types and the permission for the secret', () => {
    const ids = [...new Set([...Object.keys(asOnAws), ...Object.keys(adapted)])];
    const changed = ids.filter((id) => JSON.stringify(asOnAws[id]) !== JSON.stringify(adapted[id]));
    expect(changed.map((id) => (adapted[id] ?? asOnAws[id])?.Type).sort()).toEqual([
      ...ids.filter((id) => asOnAws[id]?.Properties['Metrics'] !== undefined).map(() => 'AWS::CloudWatch::Alarm'),
      'AWS::IAM::Policy',
      'AWS::Lambda::Function',
      'AWS::SecretsManager::ResourcePolicy',
    ]);
    expect(ids.filter((id) => !(id in adapted)).map((id) => asOnAws[id]?.Type)).toEqual([
      'AWS::SecretsManager::ResourcePolicy',
    ]);
  });
});

describe('the differences', () => {
  it.each<EmulatorDifferences>([
    { complyCubeBaseUrl: baseUrl, unsupportedTypes: ['AWS::A::B', 'AWS::C::D'] },
    { complyCubeBaseUrl: undefined, unsupportedTypes: [] },
  ])('are passed to the CDK app: %j', (differences) => {
    expect(readDifferences(variablesOf(differences))).toEqual(differences);
  });
});

describe('CloudFormation’s error for unknown resource types', () => {
  it('names them', () => {
    const output =
      'creating changeset...\nTemplate format error: Unrecognized resource types: [AWS::A::B, AWS::C::D]\n';
    expect(findUnknownTypes(output)).toEqual(['AWS::A::B', 'AWS::C::D']);
  });

  it('is distinguished from other errors', () => {
    expect(findUnknownTypes('Template format error: Unresolved resource dependencies [X]')).toEqual([]);
  });
});
