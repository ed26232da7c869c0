import { setTimeout as sleep } from 'node:timers/promises';
import { CheckError } from './steps';

/** Access to ComplyCube's API, or to the stand-in. */
export interface ComplyCubeAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Whether ComplyCube has a live photo. @throws CheckError for every answer except 200 and 404. */
export async function hasLivePhoto(id: string, access: ComplyCubeAccess): Promise<boolean> {
  const { status } = await get(`livePhotos/${encodeURIComponent(id)}`, access);
  if (status !== 200 && status !== 404) throw new CheckError(`ComplyCube answered ${status} for a live photo`);
  return status === 200;
}

/** How many live photos a client has at ComplyCube. */
export async function countLivePhotos(clientId: string, access: ComplyCubeAccess): Promise<number> {
  const response = await get(`livePhotos?clientId=${encodeURIComponent(clientId)}`, access);
  if (!response.ok) throw new CheckError(`ComplyCube answered ${response.status} for the live photos of a client`);
  return ((await response.json()) as { readonly totalItems: number }).totalItems;
}

/** The function shares the rate limit, so a call that is refused with 429 is repeated. */
async function get(path: string, { baseUrl, apiKey }: ComplyCubeAccess): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const signal = AbortSignal.timeout(30_000);
    const response = await fetch(`${baseUrl}/${path}`, { headers: { authorization: apiKey }, signal });
    if (response.status !== 429 || attempt === 10) return response;
    await sleep(1_000);
  }
}
