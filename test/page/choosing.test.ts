import { expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { validateImage } from '../../contract/image/image';
import { rejectionTexts } from '../../page/rejection-texts';
import { until } from '../until';
import { describePage } from './describe-page';
import { damaged, heic, portrait, tooLarge } from './given-files';

describePage('a photo that is chosen on the page', (test) => {
  it('is refused with what to do and the function’s message if it is damaged', async () => {
    const { opened } = test;
    const before = await opened.listed();
    await opened.drop(damaged);
    const verdict = await opened.verdict();
    expect(verdict).toContain('The photo is damaged.');
    expect(verdict).toContain(validateImage(damaged.bytes, crc32)?.detail);
    expect(await opened.button('Send the photo').isDisabled()).toBe(true);
    expect(await opened.listed()).toBe(before);
  });

  it('is refused if it has too few pixels, and says the size', async () => {
    const { opened } = test;
    await opened.drop(await opened.draw('tiny.png', 'image/png', 60));
    expect(await opened.verdict()).toContain('The photo is too small.');
    expect(await opened.button('Send the photo').isDisabled()).toBe(true);
  });

  it('is refused if it is a HEIC, which Chromium can’t open, with the extension of a JPEG', async () => {
    const { opened } = test;
    await opened.drop(heic);
    expect(await opened.verdict()).toContain('This browser can’t open HEIC photos.');
    expect(await opened.page.locator('#picture').isVisible()).toBe(false);
  });

  it('is made smaller in a worker if it is too large, and says so', async () => {
    const { opened } = test;
    await opened.choose(tooLarge);
    expect(await opened.verdict()).toMatch(/^Made smaller: 5\.9 MB → \d+ KB\.$/);
    expect(opened.workers).toBe(1);
    expect(await opened.page.locator('#prepare-progress').isVisible()).toBe(false);
    await opened.button('Send the photo').click();
    expect(await opened.outcome()).toMatch(/^Uploaded/);
  });

  it('becomes a JPEG if it is a WebP, and says so', async () => {
    const { opened } = test;
    await opened.choose(await opened.draw('picture.webp', 'image/webp', 3_000));
    expect(await opened.verdict()).toMatch(/^Converted to JPEG: .+, 3000 × 3000 → 2560 × 2560 pixels\.$/);
    await opened.button('Send the photo').click();
    expect(await opened.outcome()).toMatch(/^Uploaded/);
  });

  it('is the last one that was chosen', async () => {
    const { opened } = test;
    await opened.choose(tooLarge);
    await opened.choose(portrait);
    await opened.ready();
    expect(await opened.page.locator('#caption').innerText()).toBe('portrait.jpg, 300 KB');
    expect(await opened.verdict()).toBe('The size is right and the file is complete.');
  });

  it('can be sent unchanged, to see how the function rejects it', async () => {
    const { opened } = test;
    await opened.drop(damaged);
    await opened.verdict();
    await opened.page.getByLabel('Send the file unchanged').check();
    await opened.ready();
    expect(await opened.verdict()).toContain('S3 or the function refuses this photo');
    await opened.button('Send the photo').click();
    expect(await opened.outcome()).toContain(rejectionTexts['image-damaged'].what);
  });

  it('can be sent unchanged, to see how S3 refuses it', async () => {
    const { opened } = test;
    await opened.page.getByLabel('Send the file unchanged').check();
    await opened.choose(tooLarge);
    await opened.ready();
    await opened.button('Send the photo').click();
    await opened.page.getByText('The photo was not sent').waitFor();
    expect(await opened.page.locator('#send-problem').innerText()).toContain('EntityTooLarge');
    // Chromium reports each failed request.
    expect(opened.complaints.splice(0)).toHaveLength(1);
    await opened.page.getByLabel('Send the file unchanged').uncheck();
    await opened.ready();
    expect(await opened.verdict()).toMatch(/^Made smaller/);
    expect(await opened.page.locator('#send-problem').innerText()).toBe('');
  });

  it('can be sent although the one before was refused', async () => {
    const { opened } = test;
    await opened.drop(damaged);
    expect(await opened.verdict()).toContain('The photo is damaged.');
    await opened.drop(portrait);
    await opened.ready();
    expect(await opened.button('Send the photo').isEnabled()).toBe(true);
  });

  it('has other bytes each time if it is a sample photo', async () => {
    const { opened } = test;
    for (const count of [1, 2]) {
      await opened.button('Use a sample photo').click();
      await opened.ready();
      await opened.button('Send the photo').click();
      await opened.page
        .locator('#recent .pill-good')
        .nth(count - 1)
        .waitFor();
    }
    const ids = await opened.page.locator('#recent code').allInnerTexts();
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('can come from the camera', async () => {
    const { opened } = test;
    await opened.button('Use the camera').click();
    await opened.button('Take the photo').click();
    await opened.ready();
    await opened.button('Send the photo').click();
    expect(await opened.outcome()).toMatch(/^Uploaded/);
  });
});

describePage('the camera on the page', (test) => {
  /** Makes the browser answer requests for the camera in this way. */
  const answerWith = (camera: string): Promise<void> =>
    test.opened.page.evaluate(`navigator.mediaDevices.getUserMedia = () => ${camera}`);

  it('says at once that it is turned on', async () => {
    const { opened } = test;
    await answerWith('new Promise(() => {})');
    await opened.button('Use the camera').click();
    expect(await opened.page.locator('#camera-state').innerText()).toContain('Turning the camera on');
    expect(await opened.isFocused('#camera-off')).toBe(true);
    await opened.button('Turn the camera off').click();
    expect(await opened.isFocused('#camera-on')).toBe(true);
  });

  it.each([
    ['NotAllowedError', 'The browser does not allow the camera.'],
    ['NotFoundError', 'No camera was found.'],
    ['NotReadableError', 'Another program uses the camera.'],
    ['AbortError', 'The camera could not be turned on.'],
  ])('explains the error %s and keeps the chosen photo', async (name, text) => {
    const { opened } = test;
    await opened.choose(portrait);
    await opened.ready();
    await answerWith(`Promise.reject(new DOMException('', '${name}'))`);
    await opened.button('Use the camera').click();
    expect(await opened.page.locator('#choose-problem:not(:empty)').innerText()).toContain(text);
    expect(await opened.isFocused('#camera-on')).toBe(true);
    expect(await opened.button('Send the photo').isEnabled()).toBe(true);
    await opened.button('Use a sample photo').click();
    await opened.page.locator('#choose-problem:empty').waitFor({ state: 'attached' });
  });

  it('stays off if a file was chosen before the person allowed it', async () => {
    const { opened } = test;
    await opened.page.evaluate(`
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        await new Promise((resolve) => (window.allow = resolve));
        return (window.stream = await ask(wanted));
      };
    `);
    await opened.button('Use the camera').click();
    await opened.drop(portrait);
    await opened.ready();
    await opened.page.evaluate('window.allow()');
    await until(() => opened.page.evaluate('window.stream?.getTracks()[0].readyState === "ended"'));
    expect(await opened.page.locator('#picture').isVisible()).toBe(true);
    expect(await opened.button('Send the photo').isEnabled()).toBe(true);
  });

  it('says so when it is disconnected', async () => {
    const { opened } = test;
    await opened.button('Use the camera').click();
    await opened.button('Take the photo').waitFor();
    await opened.page.evaluate(`
      document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'));
    `);
    expect(await opened.page.locator('#choose-problem').innerText()).toContain('The camera was disconnected.');
    expect(await opened.button('Use the camera').isVisible()).toBe(true);
  });
});
