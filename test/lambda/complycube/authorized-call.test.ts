import { expect, it } from '@jest/globals';
import type { Answer } from '../../../lambda/complycube/answer';
import { callAuthorized } from '../../../lambda/complycube/authorized-call';

const facts = { requestId: undefined, tookMs: 1 };
const refused = { kind: 'refused', status: 401, message: 'Unauthorized', ...facts } as Answer<string>;
const unknown: Answer<string> = {
  ...{ kind: 'unknown', status: 401, isSurelyUnsent: false, cause: new Error('cut off') },
  ...facts,
};

it.each([
  ['repeated with the current key if ComplyCube refuses the key', refused, ['old', 'current']],
  ['not repeated if the answer is unknown, because ComplyCube may have the photo', unknown, ['old']],
])('a call is %s', async (_, answer, expected) => {
  const keys: string[] = [];
  const call = ({ apiKey }: { readonly apiKey: string }): Promise<Answer<string>> => {
    keys.push(apiKey);
    return Promise.resolve(answer);
  };
  const apiKey = { read: () => Promise.resolve('old'), readInPlaceOf: () => Promise.resolve('current') };
  const delivery = { gate: { pass: () => undefined }, signal: new AbortController().signal, summary: {} };
  await callAuthorized(call, { apiKey }, delivery);
  expect(keys).toEqual(expected);
});
