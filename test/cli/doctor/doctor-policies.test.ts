import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../cli/doctor/finding';
import { judgePolicies } from '../../../cli/doctor/judge-policies';
import type { PolicyStatement } from '../../../cli/policy/statement';
import { mapFact, notLookedUp } from '../../../cli/stack/fact';
import type { Stack } from '../../../cli/stack/stack';
import { bucketPolicyForTaggers, documentedPolicy } from '../../docs/documented-policies';
import { account, type DeployedTemplate } from '../../lib/deployed-template';
import { functionRole, resourcePolicy } from '../../lib/policies';
import { deploy, existingBucket } from '../../lib/stacks';

const roleNamed = (name: string): string => `arn:aws:iam::${account.accountId}:role/${name}`;
const [operator, tagger] = [roleNamed('on-call'), roleNamed('guard-duty')];
const strange = '222222222222';

type Policies = Readonly<Record<string, readonly PolicyStatement[]>>;
type Verdicts = Readonly<Record<string, Finding>>;

/** A deployed stack, and the policies of its resources by the check of each. */
interface Deployed {
  readonly policies: Policies;
  /** Judges all policies, or only these. */
  readonly judge: (only?: Policies) => Verdicts;
}

const known = <Value>(value: Value) => ({ isKnown: true, value }) as const;

function deployed(template: DeployedTemplate, provided: Policies = {}): Deployed {
  const [upload, dead] = ['Upload', 'DeadLetter'].map((id) => template.the('AWS::SQS::Queue', `UploaderQueues${id}`));
  const [undelivered] = template.ofType('AWS::SQS::Queue').filter(({ id }) => id.includes('Undelivered'));
  const [secret] = template.ofType('AWS::SecretsManager::Secret');
  const [photos] = template.ofType('AWS::S3::Bucket').filter(({ id }) => id.includes('PhotoBucket'));
  const claims = template.the('AWS::S3::Bucket', 'UploaderClaims');
  if (upload === undefined || dead === undefined) throw new Error('The template has no queues');
  const ofTemplate = {
    'bucket policy': photos,
    'claims policy': claims,
    'queue policy': upload,
    'dead-letter policy': dead,
    'undelivered policy': undelivered,
    'API key policy': secret,
  };
  const policies = {
    ...Object.fromEntries(
      Object.entries(ofTemplate).flatMap(([check, resource]) =>
        resource === undefined ? [] : [[check, resourcePolicy(template, resource) as PolicyStatement[]]],
      ),
    ),
    ...provided,
  };
  const { Environment } = template.the('AWS::Lambda::Function').properties as {
    readonly Environment: { readonly Variables: Record<string, string> };
  };
  const stack: Stack = {
    ...{ name: 'LivePhotos', status: 'CREATE_COMPLETE', functionName: 'upload', alarmNames: [], hasTopic: false },
    ...{ uploadQueueUrl: '', deadLetterQueueUrl: '', undeliveredEventsQueueUrl: undefined },
    ...{ erasedExpireDays: undefined, evidenceRetentionDays: undefined },
    photoBucket: photos?.ref ?? existingBucket.existingBucket,
    apiKeySecretId: secret?.ref ?? 'complycube/api-key',
    ruleNames: template.ofType('AWS::Events::Rule').map(({ arn }) => arn.replace(/.*\//, '')),
    place: { account: account.accountId, region: account.region },
  };
  const settings = known({
    ...{ state: 'Active', lastUpdateStatus: 'Successful', logGroup: 'logs', timeoutSeconds: 60, eventSources: [] },
    role: functionRole(template).arn,
    variables: Environment.Variables,
  });
  const arn =
    secret?.arn ?? `arn:aws:secretsmanager:${account.region}:${account.accountId}:secret:complycube/api-key-AbCdEf`;
  const judge = (only: Policies = policies): Verdicts => {
    const statements = (check: string) => {
      const some = only[check];
      return some === undefined ? notLookedUp('it is of another test') : known(some);
    };
    const queue = (check: string, { arn: QueueArn }: { arn: string }) =>
      mapFact(statements(check), (Statement) => ({ QueueArn, Policy: JSON.stringify({ Statement }) }));
    const findings = judgePolicies(stack, {
      settings,
      secret: known({
        ...{ id: '', arn, hasValue: true, isDeleted: false, changedAt: undefined, kmsKey: undefined },
        stackName: secret && 'LivePhotos',
      }),
      bucketPolicy: statements('bucket policy'),
      claimsPolicy: statements('claims policy'),
      secretPolicy: statements('API key policy'),
      uploadQueue: queue('queue policy', upload),
      deadLetterQueue: queue('dead-letter policy', dead),
      undeliveredEvents: undelivered && queue('undelivered policy', undelivered),
    });
    return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
  };
  return { policies, judge };
}

const ofProvided = deploy({ ...existingBucket, apiKeySecret: 'complycube/api-key', operatorRoleArns: [operator] });
/** A documented policy as the user of an existing bucket adds it. */
function filled({ Statement }: { readonly Statement: readonly unknown[] }): PolicyStatement[] {
  const text = JSON.stringify(Statement)
    .replaceAll('FUNCTION_ROLE_ARN', functionRole(ofProvided).arn)
    .replaceAll('TAGGER_ROLE_ARN', tagger)
    .replaceAll('BUCKET/', `BUCKET/${existingBucket.keyPrefix}`)
    .replaceAll('BUCKET', existingBucket.existingBucket);
  return JSON.parse(text) as PolicyStatement[];
}

const configurations: [string, Deployed][] = [
  ['without options', deployed(deploy())],
  [
    'with operators and trusted taggers',
    deployed(
      deploy({
        ...{ operatorRoleArns: [operator], trustedTaggerRoleArns: [tagger], keyPrefix: 'photos/' },
        forbidOverwrites: true,
      }),
    ),
  ],
  [
    'with an existing bucket and secret',
    deployed(ofProvided, {
      'bucket policy': filled(bucketPolicyForTaggers()),
      'API key policy': filled(documentedPolicy('Policy of an existing secret')),
    }),
  ],
];

/** Each statement of each policy. */
const statementsOf = ({ policies }: Deployed) =>
  Object.entries(policies).flatMap(([check, statements]) =>
    statements.map((statement) => ({ check, statements, statement })),
  );

describe.each(configurations)('the policies of a stack %s', (_, stack) => {
  const verdictOf = (check: string, statements: readonly PolicyStatement[]): string | undefined =>
    stack.judge({ [check]: statements })[check]?.verdict;
  const changed = (change: (statement: PolicyStatement) => PolicyStatement[]) =>
    statementsOf(stack)
      // The stack's output does not show this option.
      .filter(({ statement: { Sid } }) => Sid !== 'NoOverwrites')
      .map(({ check, statements, statement }) => ({
        name: `${check} ${statement.Sid ?? JSON.stringify(statement)}`,
        verdict: verdictOf(
          check,
          statements.flatMap((one) => (one === statement ? change(one) : [one])),
        ),
      }));
  const foundRight = (results: readonly { name: string; verdict: string | undefined }[]): string[] =>
    results.flatMap(({ name, verdict }) => (verdict === 'right' ? [name] : []));

  it('are right', () => {
    expect(Object.values(stack.judge()).filter(({ verdict }) => verdict !== 'right')).toEqual([]);
    expect(Object.keys(stack.judge())).toEqual(expect.arrayContaining(Object.keys(stack.policies)));
  });

  it('are not right without any one of their statements', () => {
    const results = changed(() => []);
    expect(results.length).toBeGreaterThan(15);
    expect(foundRight(results)).toEqual([]);
  });

  it('are not right if a statement is about another resource', () => {
    const results = changed((statement) => [{ ...statement, Resource: 'arn:aws:s3:::another-bucket/*' }]);
    expect(foundRight(results)).toEqual([]);
  });

  it('are not right if a statement is for another action or principal', () => {
    expect(foundRight(changed((statement) => [{ ...statement, Action: 'iam:PassRole' }]))).toEqual([]);
    const Principal = { AWS: roleNamed('another') };
    expect(foundRight(changed((statement) => [{ ...statement, Principal }]))).toEqual([]);
  });

  it('are not right if a statement has one more condition, known or not', () => {
    for (const more of [
      { StringEquals: { 'aws:PrincipalAccount': strange } },
      { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
    ]) {
      const results = changed(({ Condition, ...rest }) => [{ ...rest, Condition: { ...Condition, ...more } }]);
      // StringNotEquals replaces the condition of some statements of trusted taggers.
      expect(foundRight(results)).toEqual([]);
    }
  });

  it('are not right if an exception is turned around, or made for everyone', () => {
    const withException = changed(({ Condition, ...rest }) => {
      const { ArnNotEquals, ...others } = Condition ?? {};
      return [{ ...rest, Condition: { ...others, ...(ArnNotEquals && { ArnEquals: ArnNotEquals }) } }];
    });
    const names = statementsOf(stack).flatMap(({ check, statement: { Sid, Condition } }) =>
      Condition?.['ArnNotEquals'] === undefined ? [] : [`${check} ${Sid ?? ''}`],
    );
    expect(names.length).toBeGreaterThan(4);
    expect(withException.filter(({ name, verdict }) => names.includes(name) && verdict === 'right')).toEqual([]);

    const forAll = changed(({ Condition, ...rest }) => [
      {
        ...rest,
        Condition: Condition?.['ArnNotEquals']
          ? { ...Condition, ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account.accountId}:role/*` } }
          : Condition,
      },
    ]);
    expect(forAll.filter(({ name, verdict }) => names.includes(name) && verdict === 'right')).toEqual([]);
  });

  it.each<[string, PolicyStatement]>([
    ['allows everyone everything', { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
    [
      'allows every AWS account everything',
      {
        ...{ Effect: 'Allow', Principal: { AWS: '*' }, Action: '*', Resource: '*' },
        Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
      },
    ],
    ['denies everyone everything', { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }],
    ['denies all other actions', { Effect: 'Deny', Principal: '*', NotAction: 'iam:PassRole', Resource: '*' }],
  ])('are wrong if another statement %s', (__, statement) => {
    for (const [check, statements] of Object.entries(stack.policies))
      expect([check, verdictOf(check, [...statements, statement])]).toEqual([check, 'wrong']);
  });

  it.each<[string, PolicyStatement]>([
    [
      'with a condition that is not known',
      {
        ...{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' },
        Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      },
    ],
    [
      'for all other principals',
      {
        ...{ Effect: 'Deny', NotPrincipal: { AWS: operator }, Action: '*', Resource: '*' },
      },
    ],
  ])('are a warning with a Deny %s', (__, statement) => {
    for (const [check, statements] of Object.entries(stack.policies))
      expect([check, verdictOf(check, [...statements, statement])]).toEqual([check, 'warning']);
  });

  it.each<[string, PolicyStatement]>([
    [
      'allows the account to delegate',
      {
        ...{
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account.accountId}:root` },
          Action: '*',
          Resource: '*',
        },
      },
    ],
    [
      'allows the organization to read',
      {
        ...{ Effect: 'Allow', Principal: '*', Action: ['s3:Get*', 's3:List*', 'sqs:Get*'], Resource: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      },
    ],
    [
      'denies one other role everything',
      {
        ...{ Effect: 'Deny', Principal: { AWS: roleNamed('contractor') }, Action: '*', Resource: '*' },
      },
    ],
    [
      'is about another resource',
      {
        ...{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::another/*' },
      },
    ],
  ])('are right if another statement %s', (__, statement) => {
    for (const [check, statements] of Object.entries(stack.policies))
      expect([check, verdictOf(check, [...statements, statement])]).toEqual([check, 'right']);
  });
});
