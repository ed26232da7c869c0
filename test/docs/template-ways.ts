import { metricNamespace } from '../../contract/metrics';
import type { DeployedResource, DeployedTemplate } from '../lib/deployed-template';
import { rolePolicies } from '../lib/policies';
import { toList } from '../../cli/policy/patterns';
import { boxOf } from './flow-picture';

/** From one box to another. Undefined if the picture has no such box. */
type Way = readonly [from: string | undefined, to: string | undefined];

/**
 * The arrows of photos, events, outcomes and metrics between the boxes of the picture, as `from → to`. They follow from the
 * resources' properties, and from the read and write permissions of the function's role.
 */
export function waysOf(template: DeployedTemplate): string[] {
  const ways = [
    ...template.resources.flatMap((resource) => waysOfResource(template, resource)),
    ...waysOfCalls(template),
  ];
  return [...new Set(ways.filter((way) => !way.includes(undefined)).map((way) => way.join(' → ')))];
}

function waysOfResource(template: DeployedTemplate, resource: DeployedResource): Way[] {
  const { type, properties } = resource;
  const own = nameOf(resource);
  const named = (property: string): string | undefined => boxAt(template, properties[property]);
  const text = JSON.stringify(properties);
  const log = nameOf(template.the('AWS::Logs::LogGroup'));
  const ofFunctionMetrics: Way[] = text.includes(metricNamespace) ? [[log, own]] : [];
  switch (type) {
    case 'AWS::S3::Bucket': {
      const { QueueConfigurations = [] } = (properties['NotificationConfiguration'] ?? {}) as Notifications;
      return QueueConfigurations.map(({ Queue }) => [own, boxAt(template, Queue)]);
    }
    case 'AWS::SQS::Queue': {
      const { deadLetterTargetArn } = (properties['RedrivePolicy'] ?? {}) as { deadLetterTargetArn?: string };
      return [[own, boxAt(template, deadLetterTargetArn)]];
    }
    case 'AWS::Lambda::EventSourceMapping':
      return [[named('EventSourceArn'), named('FunctionName')]];
    case 'AWS::Lambda::Function':
      return text.includes('https://api.complycube.com/') ? [[own, 'ComplyCube']] : [];
    case 'AWS::CloudWatch::Alarm': {
      const actions = (properties['AlarmActions'] ?? []) as string[];
      const watched = template.ofType('AWS::SQS::Queue').filter(({ arn }) => text.includes(arn.replace(/.*:/, '')));
      return [
        ...actions.map((action): Way => [own, boxAt(template, action)]),
        ...watched.map((queue): Way => [nameOf(queue), own]),
        ...ofFunctionMetrics,
      ];
    }
    case 'AWS::CloudWatch::Dashboard':
      return ofFunctionMetrics;
    case 'AWS::SNS::Subscription':
      return properties['Protocol'] === 'email' ? [[named('TopicArn'), 'e-mail']] : [];
    default:
      return [];
  }
}

interface Notifications {
  readonly QueueConfigurations?: readonly { readonly Queue: string }[];
}

function waysOfCalls(template: DeployedTemplate): Way[] {
  const fn = nameOf(template.the('AWS::Lambda::Function'));
  return rolePolicies(template).flatMap(({ Action, Resource }) =>
    toList(Resource).flatMap((resource) => {
      const target = boxAt(template, resource);
      return toList(Action).flatMap((action): Way[] => {
        if (/:(Get|Receive)/.test(action)) return [[target, fn]];
        return /:(Put|Send)/.test(action) ? [[fn, target]] : [];
      });
    }),
  );
}

function nameOf({ type, id }: DeployedResource): string | undefined {
  return boxOf(type, id)?.idStart;
}

/** The box of a reference or an ARN. The ARN can also be that of a bucket's objects. */
function boxAt(template: DeployedTemplate, target: unknown): string | undefined {
  if (typeof target !== 'string') return undefined;
  if (target.endsWith(':event-bus/default')) return 'event-bus/default';
  const found = template.resources.find(({ ref, arn }) => [ref, arn, `${arn}/*`].includes(target));
  return found && nameOf(found);
}
