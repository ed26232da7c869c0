import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { validateImage } from '../../contract/image/image';
import { validateSize } from '../../contract/photo-rules';
import { findChromium } from '../../local/chromium';
import { rejectionTexts } from '../../page/rejection-texts';
import { steps } from '../../page/photo-progress';
import { until } from '../until';
import { BreakableNetwork } from './breakable-network';
import { damaged, heic, large, portrait, small } from './given-files';
import type { OpenedPage } from './opened-page';
import { ServedPage } from './served-page';
import { crc32 } from 'node:zlib';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

const executable = findChromium(process.env);

if (executable === undefined) {
  process.stderr.write(
    'The tests of the page in a browser are skipped: Chromium is not in PATH, and CHROMIUM_PATH is not set.\n',
  );
  describe('the page, without a browser', () => {
    it('is not tested', () => {
      expect(findChromium(process.env)).toBeUndefined();
    });
  });
} else {
  describe('the page of npm start -- --serve', () => {
    let served: ServedPage;
    let opened: OpenedPage;
    beforeAll(async () => {
      served = await ServedPage.start(executable);
    });
    afterAll(async () => {
      expect(await served.stop()).toEqual({ status: 0, err: '' });
    });
    beforeEach(async () => {
      opened = await served.open();
    });
    // No test may cause requests to other hosts, or errors.
    afterEach(async () => {
      expect([...opened.hosts]).toEqual(['127.0.0.1']);
      expect(opened.complaints).toEqual([]);
      await opened.close();
    });

    const send = async (client = 'A client that ComplyCube knows'): Promise<void> => {
      await opened.choose(portrait);
      await opened.page.getByLabel('Client', { exact: true }).selectOption(client);
      await opened.button('Send the photo').click();
    };
    const listed = (): Promise<number> => opened.page.locator('#recent > li').count();

    it('takes a photo with the camera and shows all steps up to the live photo', async () => {
      await opened.button('Use the camera').click();
      await opened.button('Take the photo').click();
      expect(await opened.verdict()).toContain('Ready to send');
      await opened.button('Send the photo').click();
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

    it('shows the steps in order', async () => {
      await send();
      await opened.outcome();
      const times = await opened.page
        .locator('#steps time')
        .evaluateAll((all) => all.map((time) => time.getAttribute('datetime')));
      expect(times).toHaveLength(steps.length);
      expect(times).toEqual(times.toSorted());
    });

    describe('before the upload', () => {
      it.each([
        ['a file of 10 KB', small, 'too-small', validateSize(small.bytes.length)],
        ['a HEIC with the extension of a JPEG', heic, 'not-jpeg-or-png', validateImage(heic.bytes, crc32)],
        ['a damaged PNG', damaged, 'image-damaged', validateImage(damaged.bytes, crc32)],
      ] as const)('refuses %s with an explanation and the function’s message', async (_, file, reason, rejected) => {
        const before = await listed();
        await opened.drop(file);
        const verdict = await opened.verdict();
        expect(verdict).toContain(rejectionTexts[reason].what);
        expect(verdict).toContain(rejectionTexts[reason].toDo);
        expect(verdict).toContain(rejected?.detail);
        expect(await opened.button('Send the photo').isDisabled()).toBe(true);
        expect(await listed()).toBe(before);
      });

      it('accepts a good photo after a bad one', async () => {
        await opened.drop(damaged);
        expect(await opened.verdict()).toContain(rejectionTexts['image-damaged'].what);
        await opened.drop(portrait);
        await opened.page.getByText('Ready to send').waitFor();
        expect(await opened.button('Send the photo').isEnabled()).toBe(true);
      });

      it('refuses a malformed client ID', async () => {
        await opened.choose(portrait);
        await opened.page.getByLabel('Client', { exact: true }).selectOption('Another client');
        await opened.page.getByLabel('Client ID').fill('no ID!');
        await opened.button('Send the photo').click();
        await opened.page.getByText(rejectionTexts['client-id-malformed'].what).waitFor();
        expect(await opened.page.getByLabel('Client ID').getAttribute('aria-invalid')).toBe('true');
        expect(await opened.page.getByLabel('Client ID').evaluate((input) => input === document.activeElement)).toBe(
          true,
        );
      });
    });

    it.each([
      ['A client whose photos ComplyCube refuses', 'refused-by-complycube'],
      ['A client that ComplyCube does not know', 'client-unknown'],
    ] as const)('explains the rejection of a photo of: %s', async (client, reason) => {
      await send(client);
      const outcome = await opened.outcome();
      expect(outcome).toContain(rejectionTexts[reason].what);
      expect(outcome).toContain(rejectionTexts[reason].toDo);
      expect(await opened.step('uploaded').getAttribute('data-state')).toBe('not-reached');
      expect(await opened.step('tagged').getAttribute('data-state')).toBe('seen');
      expect(await opened.page.locator('#recent > li').first().innerText()).toContain(rejectionTexts[reason].what);
    });

    describe('over a network that breaks', () => {
      let network: BreakableNetwork;
      let far: OpenedPage;
      let before: number;
      beforeEach(async () => {
        network = new BreakableNetwork();
        // By default browsers use no proxy for loopback addresses.
        far = await served.open({ proxy: { server: await network.start(), bypass: '<-loopback>' } });
        before = await listed();
        await far.choose(large);
        await far.page.getByText('Ready to send').waitFor();
      });
      afterEach(async () => {
        await far.close();
        network.stop();
      });

      it('reports that the photo was not sent, and sends it once after a retry', async () => {
        network.isHolding = true;
        await far.button('Send the photo').click();
        await until(() => network.heldUploads > 0);
        network.cut();
        await far.page.getByText('The photo was not sent').waitFor();
        expect(await far.page.locator('#send-problem').innerText()).toContain('try again');
        expect(await listed()).toBe(before);
        network.repair();
        await far.button('Try again').click();
        expect(await far.outcome()).toMatch(/^Uploaded/);
        expect(await listed()).toBe(before + 1);
      });

      it('does not send a photo twice if S3 has it and only the answer was lost', async () => {
        network.isBreakingAtAnswer = true;
        await far.button('Send the photo').click();
        await far.page.getByText('The photo was not sent').waitFor();
        network.repair();
        await far.page.locator('#recent > li').nth(before).waitFor();
        await far.button('Try again').click();
        await far.page.getByText('The photo is in the bucket.').waitFor();
        expect(await far.outcome()).toMatch(/^Uploaded/);
        expect(await listed()).toBe(before + 1);
      });
    });

    describe('with a fault switched on', () => {
      const fault = (name: string) => opened.page.getByRole('switch', { name });

      it.each([
        ['Too many requests (429)', 'ComplyCube answered 429'],
        ['Outage (503)', 'ComplyCube answered 503'],
      ])('shows how a photo is retried during: %s', async (name, why) => {
        await fault(name).check();
        await send();
        await opened.page.locator('#steps-retries').getByText(why).first().waitFor();
        expect(await opened.step('uploaded').getAttribute('data-state')).toBe('next');
        await fault(name).uncheck();
        expect(await opened.outcome()).toMatch(/^Uploaded/);
      });

      it('shows that the live photo of a lost answer is found', async () => {
        await fault('Lost answer').check();
        await send();
        expect(await opened.outcome()).toContain('not uploaded again');
        await fault('Lost answer').uncheck();
      });

      it('shows the switch in every open page', async () => {
        const other = await served.open();
        await fault('Outage (503)').check();
        await other.page.locator('#outage:checked').waitFor();
        await fault('Outage (503)').uncheck();
        await other.page.locator('#outage:not(:checked)').waitFor();
        await other.close();
      });
    });

    it('shows the steps of a photo that another program uploaded', async () => {
      await served.bucket.put('from elsewhere.jpg', portrait.bytes, { 'client-id': '5eb1276d96be4a0008713af5' });
      const item = opened.page.locator('#recent > li', { hasText: 'from elsewhere.jpg' });
      await item.getByText('uploaded').waitFor();
      await item.getByRole('button').click();
      expect(await opened.step('granted').getAttribute('data-state')).toBe('not-reached');
      expect(await opened.step('tagged').getAttribute('data-state')).toBe('seen');
    });

    it('lists the recent photos again after a reload', async () => {
      await send();
      await opened.outcome();
      const before = await opened.page.locator('#recent').innerText();
      await opened.page.reload();
      await opened.page.locator('#recent > li').first().waitFor();
      expect(await opened.page.locator('#recent').innerText()).toBe(before);
    });

    describe('for everyone', () => {
      it.each([
        ['light', {}],
        ['dark', { colorScheme: 'dark' }],
        ['on a phone', phone],
      ] as const)('has no accessibility violations, %s', async (_, options) => {
        const page = await served.open(options);
        expect(await page.accessibilityViolations()).toEqual([]);
        await page.drop(heic);
        await page.verdict();
        expect(await page.accessibilityViolations()).toEqual([]);
        await page.button('Use the camera').click();
        await page.button('Take the photo').waitFor();
        expect(await page.accessibilityViolations()).toEqual([]);
        await page.button('Take the photo').click();
        await page.button('Send the photo').click();
        await page.outcome();
        expect(await page.accessibilityViolations()).toEqual([]);
        await page.close();
      });

      it('fits the width of a phone', async () => {
        const page = await served.open(phone);
        await page.choose(portrait);
        await page.button('Send the photo').click();
        await page.outcome();
        expect(await page.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        await page.close();
      });

      it('can be used without a mouse, in the order photo, client, send, faults', async () => {
        await opened.choose(portrait);
        await opened.page.getByText('Ready to send').waitFor();
        await opened.page.locator('body').focus();
        const reached: string[] = [];
        while (!reached.includes('lost-answer') && reached.length < 40) {
          await opened.page.keyboard.press('Tab');
          reached.push(await opened.page.evaluate(() => document.activeElement?.id ?? ''));
        }
        // The buttons of the recent photos have no ID.
        const named = reached.filter((id) => id !== '');
        expect(named).toEqual(['camera-on', 'file', 'client', 'send', 'too-many-requests', 'outage', 'lost-answer']);
        await opened.button('Send the photo').focus();
        await opened.page.keyboard.press('Enter');
        expect(await opened.outcome()).toMatch(/^Uploaded/);
      });

      it('has no animation if the person prefers reduced motion', async () => {
        const animated = async (reducedMotion: 'reduce' | 'no-preference'): Promise<string> => {
          const page = await served.open({ reducedMotion });
          const name = await page.step('granted').evaluate((step) => {
            step.dataset['state'] = 'next';
            return getComputedStyle(step.querySelector('.dot') ?? step).animationName;
          });
          await page.close();
          return name;
        };
        expect(await animated('no-preference')).toBe('breathe');
        expect(await animated('reduce')).toBe('none');
      });
    });
  });
}
