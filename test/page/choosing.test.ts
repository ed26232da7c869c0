import { expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { validateImage } from '../../contract/image/image';
import { rejectionTexts } from '../../page/rejection-texts';
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
    // One checks it, one encodes it.
    expect(opened.workers).toBe(2);
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
});
