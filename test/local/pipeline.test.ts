import { expect, it } from '@jest/globals';
import { startPipeline } from '../../local/pipeline';
import { until } from './lambda/until';

it('ends the servers of a pipeline whose stack can’t be deployed', async () => {
  const listening = () => process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length;
  const listeningBefore = listening();
  const stack = { template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }, assemblyFolder: '' };
  const complyCube = { baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'test_key' };
  await expect(startPipeline({ stack, complyCube })).rejects.toThrow('AWS::SNS::Topic');
  await until(() => listening() <= listeningBefore);
});
