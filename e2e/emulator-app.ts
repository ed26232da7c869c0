import { type App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { createApp } from '../bin/live-photos';
import { environmentNames } from '../contract/environment';

/** How the stack on an emulator differs from the one on AWS. */
export interface EmulatorDifferences {
  /** Where the function finds the stand-in for ComplyCube; undefined: ComplyCube's own API. */
  readonly complyCubeBaseUrl: string | undefined;
  /** Types of resources that the emulator does not have. */
  readonly typesLeftOut: readonly string[];
}

/** What differs on each emulator, for a person to know. */
export const differencesInWords =
  'a permission for the secret by its ID, and one metric in place of metric math in an alarm';

const variableNames = { complyCubeBaseUrl: 'E2E_COMPLYCUBE_BASE_URL', typesLeftOut: 'E2E_TYPES_LEFT_OUT' };

/** The program that makes the app for an emulator. */
export const emulatorApp = 'node --import tsx e2e/emulator-app.ts';

/** Hands the differences to the program that makes the app. */
export function variablesOf({ complyCubeBaseUrl, typesLeftOut }: EmulatorDifferences): Record<string, string> {
  return {
    ...(complyCubeBaseUrl !== undefined && { [variableNames.complyCubeBaseUrl]: complyCubeBaseUrl }),
    [variableNames.typesLeftOut]: typesLeftOut.join(','),
  };
}

/** Reads what {@link variablesOf} handed over. */
export function readDifferences(variables: NodeJS.ProcessEnv): EmulatorDifferences {
  return {
    complyCubeBaseUrl: variables[variableNames.complyCubeBaseUrl],
    typesLeftOut: variables[variableNames.typesLeftOut]?.split(',').filter((type) => type !== '') ?? [],
  };
}

/** Changes an app's stack to what can be deployed on an emulator. */
export function adaptToEmulator(app: App, { complyCubeBaseUrl, typesLeftOut }: EmulatorDifferences): void {
  const constructs = app.node.findAll();
  for (const construct of constructs) {
    if (!(construct instanceof CfnResource)) continue;
    if (typesLeftOut.includes(construct.cfnResourceType)) {
      construct.node.scope?.node.tryRemoveChild(construct.node.id);
    }
    if (construct instanceof CfnAlarm) watchOneMetric(construct);
    // The stack takes https URLs only; the stand-in listens on this machine, without a certificate.
    if (construct instanceof CfnFunction && complyCubeBaseUrl !== undefined) {
      const name = environmentNames.complyCubeBaseUrl;
      construct.addPropertyOverride(`Environment.Variables.${name}`, complyCubeBaseUrl);
    }
  }
  // A secret's Ref is its ARN, as its Id is (CloudFormation's AWS::SecretsManager::Secret); ministack takes the name for it,
  // which allows nothing in a policy.
  const secretArns = constructs.flatMap((construct) => (construct instanceof CfnSecret ? [construct.attrId] : []));
  for (const role of constructs) {
    if (!(role instanceof Role)) continue;
    role.addToPolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secretArns }));
  }
}

/** ministack knows no metric math: such an alarm watches the first of its metrics, so that the dashboard still finds it. */
function watchOneMetric(alarm: CfnAlarm): void {
  const queries = (Stack.of(alarm).resolve(alarm.metrics) ?? []) as readonly CfnAlarm.MetricDataQueryProperty[];
  const watched = queries.map(({ metricStat }) => metricStat as CfnAlarm.MetricStatProperty | undefined).find(Boolean);
  if (watched === undefined) return;
  const { metric, period, stat } = watched;
  Object.assign(alarm, { ...(metric as CfnAlarm.MetricProperty), period, statistic: stat, metrics: undefined });
}

if (require.main === module) adaptToEmulator(createApp(), readDifferences(process.env));
