import { expect, it } from '@jest/globals';
import { skippedTexts } from '../../page/outcome-view';
import { steps } from '../../page/photo-progress';
import { rejectionTexts } from '../../page/rejection-texts';
import { describePage } from './describe-page';
import { portrait } from './given-files';
import { phone } from './screens';

describePage('the processing steps on the page', (test) => {
  it('are shown up to the live photo', async () => {
    const { opened, served } = test;
    await opened.send(portrait);
    const [livePhotoId = ''] = /[0-9a-f]{24}/.exec(await opened.outcome()) ?? [];
    for (const step of steps) {
      expect(await opened.step(step).locator('time').getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT/);
    }
    expect(await opened.page.locator('#recent > li').first().innerText()).toContain(livePhotoId);
    const [, key = ''] = new RegExp(`uploaded {2}(\\S+) {2}${livePhotoId}`).exec(served.printed) ?? [];
    expect(await served.bucket.tagsOf(key)).toEqual({
      'complycube-status': 'uploaded',
      'complycube-live-photo-id': livePhotoId,
    });
  });

  it('are shown in order', async () => {
    const { opened } = test;
    await opened.send(portrait);
    await opened.outcome();
    const times = await opened.page
      .locator('#steps time')
      .evaluateAll((all) => all.map((time) => time.getAttribute('datetime')));
    expect(times).toHaveLength(steps.length);
    expect(times).toEqual(times.toSorted());
  });

  it.each([
    ['A client whose photos ComplyCube refuses', 'refused-by-complycube'],
    ['A client that ComplyCube does not know', 'client-unknown'],
  ] as const)('end with an explanation of the rejection of a photo of: %s', async (client, reason) => {
    const { opened } = test;
    await opened.send(portrait, client);
    const outcome = await opened.outcome();
    expect(outcome).toContain(rejectionTexts[reason].what);
    expect(outcome).toContain(rejectionTexts[reason].toDo);
    expect(await opened.step('uploaded').getAttribute('data-state')).toBe('not-reached');
    expect(await opened.step('tagged').getAttribute('data-state')).toBe('seen');
    expect(await opened.page.locator('#recent > li').first().innerText()).toContain(rejectionTexts[reason].what);
  });

  it.each([
    ['Too many requests (429)', 'ComplyCube answered 429'],
    ['Outage (503)', 'ComplyCube answered 503'],
  ])('show how a photo is retried during: %s', async (name, why) => {
    const { opened } = test;
    await opened.setFault(name, true);
    await opened.send(portrait);
    await opened.page.locator('#steps-retries').getByText(why).first().waitFor();
    expect(await opened.step('uploaded').getAttribute('data-state')).toBe('next');
    await opened.setFault(name, false);
    expect(await opened.outcome()).toMatch(/^Uploaded/);
  });

  it('show that the live photo of a lost answer is found', async () => {
    const { opened } = test;
    await opened.setFault('Lost answer', true);
    await opened.send(portrait);
    expect(await opened.outcome()).toContain('not uploaded again');
    await opened.setFault('Lost answer', false);
  });

  it('are shown for a photo that another program uploaded', async () => {
    const { opened, served } = test;
    await served.bucket.put('from elsewhere.jpg', portrait.bytes, { 'client-id': '5eb1276d96be4a0008713af5' });
    const item = opened.page.locator('#recent > li', { hasText: 'from elsewhere.jpg' });
    await item.getByText('uploaded').waitFor();
    await item.getByRole('button').click();
    expect(await opened.step('granted').getAttribute('data-state')).toBe('not-reached');
    expect(await opened.step('tagged').getAttribute('data-state')).toBe('seen');
  });

  it('say why the function skipped an object', async () => {
    const { opened, served } = test;
    await served.bucket.put('passport.jpg', portrait.bytes, { 'live-photo': 'skip' });
    const item = opened.page.locator('#recent > li', { hasText: 'passport.jpg' });
    await item.getByText(skippedTexts.marked).waitFor();
    await item.getByRole('button').click();
    expect(await opened.outcome()).toContain(skippedTexts.marked);
  });

  it('are in view on a phone after Send, with the focus, and the outcome too', async () => {
    const page = await test.served.open(phone);
    await page.send(portrait);
    await page.outcome();
    expect(await page.isFocused('#steps-heading')).toBe(true);
    await page.inView('#steps-outcome .box');
    await page.close();
  });

  it('do not move the view of a person who went elsewhere', async () => {
    const page = await test.served.open({ ...phone, reducedMotion: 'reduce' });
    await test.opened.setFault('Outage (503)', true);
    await page.send(portrait);
    await page.page.locator('#steps-retries li').first().waitFor();
    await page.page.getByLabel('Client', { exact: true }).focus();
    const before = await page.page.evaluate(() => window.scrollY);
    await test.opened.setFault('Outage (503)', false);
    await page.outcome();
    expect(await page.page.evaluate(() => window.scrollY)).toBe(before);
    await page.close();
  });
});
