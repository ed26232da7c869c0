import { Stack } from 'aws-cdk-lib';
import { type ILogGroup, QueryDefinition, QueryString, type QueryStringProps } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const queries: Readonly<Record<string, QueryStringProps>> = {
  'Find one photo': {
    fields: [
      '@timestamp',
      'message',
      'status',
      'reason',
      'detail',
      'livePhotoId',
      'errorCode',
      'error',
      'receives',
      'versionId',
      'messageId',
      'requestId',
      'apiCalls.0.requestId',
    ],
    filterStatements: ["key = 'replace me with the object key'"],
    sort: '@timestamp asc',
  },
  'Rejections by reason': {
    filterStatements: ["status = 'rejected'"],
    statsStatements: ['count(*) as photos by reason'],
    sort: 'photos desc',
  },
  'Slowest uploads': {
    fields: [
      '@timestamp',
      'key',
      'tookMs',
      'TimeToTag',
      'bytes',
      'receives',
      'attempt',
      'apiCalls.0.tookMs',
      'apiCalls.0.requestId',
    ],
    filterStatements: ["status = 'uploaded'"],
    sort: 'tookMs desc',
    limit: 50,
  },
};

/**
 * Saves queries for the function's log in CloudWatch Logs Insights. Their names must be unique, so each starts with the names of
 * the stack and of the uploader.
 */
export function saveLogQueries(scope: Construct, logGroup: ILogGroup): void {
  const { stackName, node } = Stack.of(scope);
  const path = [stackName, ...scope.node.scopes.slice(node.scopes.length).map(({ node: { id } }) => id)].join('/');
  for (const [name, query] of Object.entries(queries)) {
    new QueryDefinition(scope, name.replaceAll(' ', ''), {
      queryDefinitionName: `${path}/${name}`,
      queryString: new QueryString(query),
      logGroups: [logGroup],
    });
  }
}
