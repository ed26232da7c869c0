import { erasureRecordPrefix, tombstonePrefix } from '../../../contract/erasure-record';
import type { LivePhotosStackProps } from '../../../lib/uploader-props';
import { bucketPolicyForTaggers, documentedPolicy, fillNames } from '../../docs/documented-policies';
import { account, type DeployedResource, type DeployedTemplate } from '../deployed-template';
import { functionRole, resourcePolicy } from '../policies';
import type { Statement } from '../policy-evaluator';
import { deploy, existingBucket } from '../stacks';
import type { Settings, What } from './attempts';

/** A resource of a stack, or one that the stack was given. */
export interface Target {
  readonly resource: string;
  /** The text by which requests name it. */
  readonly name: string;
  readonly policy: readonly Statement[];
}

/** A stack and its resources. */
export interface Configuration {
  readonly template: DeployedTemplate;
  readonly settings: Settings;
  /** Only a stack with an existing bucket has a rule and a queue of undelivered events. */
  readonly targets: Readonly<Partial<Record<What, Target>>>;
}

export const operator = `arn:aws:iam::${account.accountId}:role/on-call`;
export const trustedTagger = `arn:aws:iam::${account.accountId}:role/guard-duty`;
const apiKeySecret = 'complycube/api-key';

/** A bucket and a secret that the stack creates. */
function own(props: LivePhotosStackProps = {}): Configuration {
  const template = deploy(props);
  const targetOf = (resource: DeployedResource): Target => ({
    resource: resource.arn,
    name: resource.ref,
    policy: resourcePolicy(template, resource),
  });
  const settings = {
    areOperatorsNamed: props.operatorRoleArns !== undefined,
    areTaggersTrusted: props.trustedTaggerRoleArns !== undefined,
    hasRule: false,
  };
  const bucket = targetOf(template.the('AWS::S3::Bucket', 'UploaderPhotoBucket'));
  const secret = targetOf(template.the('AWS::SecretsManager::Secret'));
  // Secrets Manager appends a hyphen and six characters to the name.
  const name = secret.resource.replace(/^.*:secret:/, '').slice(0, -7);
  return configuration(template, settings, bucket, { ...secret, name });
}

/** An existing bucket and an existing secret with the documented policies. */
function provided(props: LivePhotosStackProps = {}, areTaggersTrusted = false): Configuration {
  const template = deploy({ ...existingBucket, apiKeySecret, ...props });
  const bucket = existingBucket.existingBucket;
  const names = { FUNCTION_ROLE_ARN: functionRole(template).arn, TAGGER_ROLE_ARN: trustedTagger, BUCKET: bucket };
  const forBucket = areTaggersTrusted ? bucketPolicyForTaggers() : documentedPolicy('Policy of an existing bucket');
  const settings = { areOperatorsNamed: props.operatorRoleArns !== undefined, areTaggersTrusted, hasRule: true };
  return configuration(
    template,
    settings,
    { resource: `arn:aws:s3:::${bucket}`, name: bucket, policy: fillNames(forBucket.Statement, names) },
    {
      resource: `arn:aws:secretsmanager:${account.region}:${account.accountId}:secret:${apiKeySecret}-AbCdEf`,
      name: apiKeySecret,
      policy: fillNames(documentedPolicy('Policy of an existing secret').Statement, names),
    },
  );
}

function configuration(template: DeployedTemplate, settings: Settings, photos: Target, apiKey: Target): Configuration {
  const ofStack = (type: string, idStart?: string, path = ''): Target => {
    const resource = template.the(type, idStart);
    return { resource: resource.arn + path, name: resource.ref, policy: resourcePolicy(template, resource) };
  };
  const claims = (path: string): Target => ofStack('AWS::S3::Bucket', 'UploaderClaims', path);
  const inPhotos = (path: string): Target => ({ ...photos, resource: photos.resource + path });
  const targets = {
    photo: inPhotos('/photos/a.jpg'),
    'photo outside the prefix': inPhotos('/documents/a.jpg'),
    'photo bucket': photos,
    claim: claims('/0123abcd/version-etag'),
    tombstone: claims(`/${tombstonePrefix}0123abcd/version-etag`),
    evidence: claims(`/${erasureRecordPrefix}2026-11-01/0123abcd/version-id.json`),
    'claims bucket': claims(''),
    'API key': apiKey,
    'replica of the API key': { ...apiKey, resource: apiKey.resource.replace(account.region, 'eu-west-1') },
    'upload queue': ofStack('AWS::SQS::Queue', 'UploaderQueuesUpload'),
    'dead-letter queue': ofStack('AWS::SQS::Queue', 'UploaderQueuesDeadLetter'),
    function: ofStack('AWS::Lambda::Function'),
    role: ofStack('AWS::IAM::Role'),
    ...(settings.hasRule && {
      'undelivered-events queue': ofStack('AWS::SQS::Queue', 'UploaderUndeliveredEvents'),
      rule: ofStack('AWS::Events::Rule'),
    }),
  };
  return { template, settings, targets };
}

export const configurations: readonly (readonly [name: string, Configuration])[] = [
  ['the default settings', own()],
  ['operators and trusted taggers', own({ operatorRoleArns: [operator], trustedTaggerRoleArns: [trustedTagger] })],
  ['an existing bucket and secret', provided()],
  ['an existing bucket and secret, operators and trusted taggers', provided({ operatorRoleArns: [operator] }, true)],
];

/** @throws if the configuration does not have the resource. */
export function targetOf({ targets }: Configuration, what: What): Target {
  const target = targets[what];
  if (target === undefined) throw new Error(`The configuration has no ${what}`);
  return target;
}
