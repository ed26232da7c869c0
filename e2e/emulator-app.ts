import { type App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { createApp } from '../bin/live-photos';
import { environmentNames } from '../contract/environment';

/** How the stack on an emulator differs from the stack on AWS. */
export interface EmulatorDifferences {
  /** URL of the stand-in for ComplyCube; undefined: the stack's default, ComplyCube's API. */
  readonly complyCubeBaseUrl: string | undefined;
  /** Resource types that the emulator does not support. */
  readonly unsupportedTypes: readonly string[];
}

/** The differences that every emulator needs, for the output. */
export const differencesInWords =
  'the role may also read the secret by its ID, and an alarm has one metric instead of metric math';

const variableNames = { complyCubeBaseUrl: 'E2E_COMPLYCUBE_BASE_URL', unsupportedTypes: 'E2E_UNSUPPORTED_TYPES' };

/** The command that creates the app for an emulator. */
export const emulatorApp = 'node --import tsx e2e/emulator-app.ts';

/** Environment variables that pass the differences to {@link emulatorApp}. */
export function variablesOf({ complyCubeBaseUrl, unsupportedTypes }: EmulatorDifferences): Record<string, string> {
  return {
    ...(complyCubeBaseUrl !== undefined && { [variableNames.complyCubeBaseUrl]: complyCubeBaseUrl }),
    [variableNames.unsupportedTypes]: unsupportedTypes.join(','),
  };
}

/** Reads the differences from {@link variablesOf}. */
export function readDifferences(variables: NodeJS.ProcessEnv): EmulatorDifferences {
  return {
    complyCubeBaseUrl: variables[variableNames.complyCubeBaseUrl],
    unsupportedTypes: variables[variableNames.unsupportedTypes]?.split(',').filter((type) => type !== '') ?? [],
  };
}

/** Changes an app's stack so that an emulator can deploy it. */
export function adaptToEmulator(app: App, { complyCubeBaseUrl, unsupportedTypes }: EmulatorDifferences): void {
  const constructs = app.node.findAll();
  for (const construct of constructs) {
    if (!(construct instanceof CfnResource)) continue;
    if (unsupportedTypes.includes(construct.cfnResourceType)) {
      construct.node.scope?.node.tryRemoveChild(construct.node.id);
    }
    if (construct instanceof CfnAlarm) watchOneMetric(construct);
    // The stack accepts only https URLs. The stand-in on this machine has no certificate.
    if (construct instanceof CfnFunction && complyCubeBaseUrl !== undefined) {
      const name = environmentNames.complyCubeBaseUrl;
      construct.addPropertyOverride(`Environment.Variables.${name}`, complyCubeBaseUrl);
    }
  }
  // A secret's Ref and its Id are both its ARN (CloudFormation, AWS::SecretsManager::Secret). On ministack Ref is the name, which
  // matches nothing in a policy.
  const secretArns = constructs.flatMap((construct) => (construct instanceof CfnSecret ? [construct.attrId] : []));
  for (const role of constructs) {
    if (!(role instanceof Role)) continue;
    role.addToPolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secretArns }));
  }
}

/** ministack has no metric math. The alarm watches only its first metric, so that the dashboard still finds the alarm. */
function watchOneMetric(alarm: CfnAlarm): void {
  const queries = (Stack.of(alarm).resolve(alarm.metrics) ?? []) as readonly CfnAlarm.MetricDataQueryProperty[];
  const watched = queries.map(({ metricStat }) => metricStat as CfnAlarm.MetricStatProperty | undefined).find(Boolean);
  if (watched === undefined) return;
  const { metric, period, stat } = watched;
  Object.assign(alarm, { ...(metric as CfnAlarm.MetricProperty), period, statistic: stat, metrics: undefined });
}

if (require.main === module) adaptToEmulator(createApp(), readDifferences(process.env));
