import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rejectionTexts } from '../../page/rejection-texts';
import { until } from '../until';
import { BreakableNetwork } from './breakable-network';
import { describePage } from './describe-page';
import { large, portrait } from './given-files';
import type { OpenedPage } from './opened-page';

describePage('sending a photo with the page', (test) => {
  it('is not possible without a photo, and says why', async () => {
    const { opened } = test;
    expect(await opened.button('Send the photo').isDisabled()).toBe(true);
    expect(await opened.sendHint()).toBe('Choose a photo first.');
    await opened.page.locator('#send').click({ force: true });
    expect(await opened.page.locator('#send-problem').innerText()).toBe('');
  });

  it('happens once after a double click', async () => {
    const { opened } = test;
    const before = await opened.listed();
    await opened.choose(portrait);
    await opened.ready();
    await opened.button('Send the photo').dblclick();
    await opened.outcome();
    expect(await opened.listed()).toBe(before + 1);
  });

  it('is refused for the same photo and the same client, and says why', async () => {
    const { opened } = test;
    await opened.send(portrait);
    await opened.outcome();
    // The same bytes from a new file.
    await opened.drop({ ...portrait, name: 'copy.jpg' });
    await opened.verdict();
    expect(await opened.button('Send the photo').isDisabled()).toBe(true);
    expect(await opened.sendHint()).toContain('The photo is in the bucket.');
    await opened.chooseClient('A client that ComplyCube does not know');
    expect(await opened.button('Send the photo').isEnabled()).toBe(true);
    expect(await opened.sendHint()).toBe('');
  });

  it('shows the progress over a slow network', async () => {
    const { opened } = test;
    const devTools = await opened.page.context().newCDPSession(opened.page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 };
    await devTools.send('Network.emulateNetworkConditions', slow);
    await opened.send(large);
    const progress = opened.page.locator('#progress');
    await until(() => progress.evaluate((bar: HTMLProgressElement) => bar.position > 0 && bar.position < 1));
    expect(await opened.page.locator('#progress-text').innerText()).toBe('Uploading…');
    expect(await opened.button('Sending…').isDisabled()).toBe(true);
    await opened.button('Cancel').click();
    await progress.waitFor({ state: 'hidden' });
  });

  it('shows the progress from the start when the photo is sent again', async () => {
    const { opened } = test;
    const { page } = opened;
    await page.evaluate(`
      window.sends = [];
      XMLHttpRequest.prototype.send = function () { window.sends.push(this); };
      XMLHttpRequest.prototype.abort = function () { this.onloadend(); };
    `);
    await page.clock.install();
    const sendNumber = (count: number): Promise<void> =>
      until(async () => {
        await page.clock.fastForward(1_000);
        return page.evaluate(`window.sends.length === ${count}`);
      });
    const shown = (): Promise<unknown> =>
      page.evaluate(
        `[document.querySelector('#progress-text').textContent, document.querySelector('#progress').position]`,
      );
    await opened.choose(portrait);
    await opened.ready();
    await opened.button('Send the photo').click();
    await sendNumber(1);
    expect(await shown()).toEqual(['Uploading…', -1]);
    await page.evaluate(`sends[0].upload.onprogress({ loaded: 100, total: 100 })`);
    expect(await shown()).toEqual(['Sent. Waiting for S3’s answer…', 1]);
    await page.evaluate(`
      Object.defineProperties(sends[0], { status: { value: 503 }, responseText: { value: '<Code>SlowDown</Code>' } });
      sends[0].onloadend();
    `);
    await sendNumber(2);
    await page.evaluate(`sends[1].upload.onprogress({ loaded: 7, total: 100 })`);
    expect(await shown()).toEqual(['Uploading…', 0.07]);
    await opened.button('Cancel').click();
    await opened.button('Try again').click();
    await sendNumber(3);
    expect(await shown()).toEqual(['Uploading…', -1]);
  });

  it('removes the error when the network is back, and sends the photo with the next try', async () => {
    const { opened } = test;
    const before = await opened.listed();
    await opened.choose(portrait);
    await opened.ready();
    await opened.sendWithoutAnswer();
    await opened.breakConnection();
    await opened.failure();
    await opened.page.context().setOffline(true);
    await opened.repairConnection();
    await opened.page.context().setOffline(false);
    await opened.page.locator('#send-problem:empty').waitFor({ state: 'attached' });
    await opened.button('Try again').click();
    expect(await opened.outcome()).toMatch(/^Uploaded/);
    expect(await opened.listed()).toBe(before + 1);
    // Chromium reports each failed request.
    opened.complaints.splice(0);
  });

  it('refuses a malformed client ID', async () => {
    const { opened } = test;
    await opened.choose(portrait);
    await opened.ready();
    await opened.chooseClient('Another client');
    await opened.page.getByLabel('Client ID').fill('no ID!');
    await opened.button('Send the photo').click();
    await opened.page.getByText(rejectionTexts['client-id-malformed'].what).waitFor();
    expect(await opened.page.getByLabel('Client ID').getAttribute('aria-invalid')).toBe('true');
    expect(await opened.isFocused('#own-client')).toBe(true);
  });

  describe('over a network that breaks', () => {
    let network: BreakableNetwork;
    let far: OpenedPage;
    let before: number;
    beforeEach(async () => {
      network = new BreakableNetwork();
      // By default browsers use no proxy for loopback addresses.
      far = await test.served.open({ proxy: { server: await network.start(), bypass: '<-loopback>' } });
      before = await test.opened.listed();
      await far.choose(large);
      await far.ready();
    });
    afterEach(async () => {
      await far.close();
      network.stop();
    });
    const breakDuringUpload = async (): Promise<void> => {
      network.isHolding = true;
      await far.button('Send the photo').click();
      await until(() => network.heldUploads > 0);
      network.cut();
      await far.failure();
    };

    it('reports that the photo was not sent, and sends it once after a retry', async () => {
      await breakDuringUpload();
      expect(await far.failure()).toContain('It is unknown whether the photo arrived. Try again');
      expect(await far.page.locator('#progress').isVisible()).toBe(false);
      expect(await test.opened.listed()).toBe(before);
      network.repair();
      await far.button('Try again').click();
      expect(await far.outcome()).toMatch(/^Uploaded/);
      expect(await test.opened.listed()).toBe(before + 1);
    });

    it('removes the error when the connection is back', async () => {
      await breakDuringUpload();
      await far.page.getByText('The connection to the server is lost').waitFor();
      network.repair();
      await far.page.locator('#send-problem:empty').waitFor({ state: 'attached' });
      expect(await far.page.locator('#connection').innerText()).toBe('');
      expect(await far.button('Try again').isEnabled()).toBe(true);
    });

    it('reports a photo as sent if S3 has it and only the answer was lost', async () => {
      network.isBreakingAtAnswer = true;
      await far.button('Send the photo').click();
      await far.failure();
      network.repair();
      await far.page.getByText('The photo is in the bucket.').waitFor();
      expect(await far.page.locator('#send-problem').innerText()).toBe('');
      expect(await far.outcome()).toMatch(/^Uploaded/);
      expect(await test.opened.listed()).toBe(before + 1);
    });

    it('can be cancelled, and no other photo can be chosen before', async () => {
      network.isHolding = true;
      await far.button('Send the photo').click();
      await until(() => network.heldUploads > 0);
      await far.drop(portrait);
      expect(await far.page.locator('#caption').innerText()).toContain(large.name);
      expect(await far.page.locator('#drop-zone').evaluate((zone: HTMLElement) => zone.inert)).toBe(true);
      await far.button('Cancel').click();
      await far.page.getByText('You cancelled the upload.').waitFor();
      expect(await far.isFocused('#send')).toBe(true);
      network.repair();
      await far.drop(portrait);
      await far.ready();
      expect(await far.page.locator('#caption').innerText()).toContain(portrait.name);
      expect(await far.button('Send the photo').isEnabled()).toBe(true);
      expect(await far.page.locator('#send-problem').innerText()).toBe('');
      expect(await test.opened.listed()).toBe(before);
    });
  });
});
