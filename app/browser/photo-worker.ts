import type { JobName, JobResult } from './in-worker';

const post = (message: number | JobResult<JobName>): void => postMessage(message);

// Posts 0 when it runs, then the share of the work that is done, and at the end the result.
onmessage = ({ data: [name, input] }: MessageEvent<[JobName, never]>) =>
  void photoWork[name](input, post).then(post, reportError);
post(0);
