import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { shortenWaits } from '../../e2e/shorten-waits';
import { type StandInChoice, startStandIn } from '../../local/choose-complycube';
import { makePng } from '../../local/sample-photos/png';
import { sampleClientId, unknownClientId } from '../../local/sample-set';

const photo = makePng({ bytes: 40_000, seed: 1 });

let standIn: StandInChoice;
beforeEach(async () => {
  standIn = await startStandIn(true);
});
afterEach(() => standIn.close());

async function upload(clientId: string): Promise<Response> {
  const { baseUrl, apiKey } = standIn.access;
  return fetch(`${baseUrl}/livePhotos`, {
    method: 'POST',
    headers: { authorization: apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ clientId, data: photo.toString('base64') }),
  });
}

describe('shortened waits', () => {
  it('ask an unknown client’s photo to come again in a second, until its next receive is the one that rejects it', async () => {
    shortenWaits(standIn.standIn);
    const answers: [number, string | null][] = [];
    for (let receive = 1; receive <= 6; receive++) {
      const { status, headers } = await upload(unknownClientId);
      answers.push([status, headers.get('retry-after')]);
    }
    expect(answers).toEqual([...Array.from({ length: 5 }, () => [429, '1']), [404, null]]);
  });

  it('leave other photos alone', async () => {
    shortenWaits(standIn.standIn);
    expect((await upload(sampleClientId)).status).toBe(200);
  });
});
