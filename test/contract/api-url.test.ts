import { describe, expect, it } from '@jest/globals';
import { isApiUrl } from '../../contract/api-url';
import { notExtendable } from './not-extendable-urls';

describe('the URL of an API', () => {
  it.each(notExtendable)('is not %j', (url) => {
    expect(isApiUrl(url, true)).toBe(false);
  });

  it.each(['https://api.complycube.com', 'https://API.example:8443/a/b@c/', 'HTTPS://api.example', 'https://[::1]/v1'])(
    'is %j',
    (url) => {
      expect(isApiUrl(url)).toBe(true);
      // The path of a call remains the end of the URL's path.
      expect(new URL(`${url}/livePhotos`).pathname).toMatch(/\/livePhotos$/);
    },
  );

  it('is plain HTTP only on this machine, and only if that is allowed', () => {
    for (const url of ['http://127.0.0.1:4010/v1', 'http://localhost/v1', 'http://[::1]:4010/v1']) {
      expect([isApiUrl(url), isApiUrl(url, true)]).toEqual([false, true]);
    }
    expect(isApiUrl('http://api.example/v1', true)).toBe(false);
  });
});
