import { expect, it } from '@jest/globals';
import { until } from '../until';
import { describePage } from './describe-page';
import { portrait } from './given-files';

describePage('the camera on the page', (test) => {
  /** Makes the browser answer requests for the camera in this way. */
  const answerWith = (camera: string): Promise<void> =>
    test.opened.page.evaluate(`navigator.mediaDevices.getUserMedia = () => ${camera}`);

  it('takes a photo that can be sent', async () => {
    const { opened } = test;
    await opened.button('Use the camera').click();
    await opened.button('Take the photo').click();
    await opened.ready();
    await opened.button('Send the photo').click();
    expect(await opened.outcome()).toMatch(/^Uploaded/);
  });

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

  it.each([
    ['the person turns it off', () => test.opened.button('Turn the camera off').click()],
    ['a file is chosen', () => test.opened.drop(portrait)],
  ])('is turned off at once if %s while the preview starts', async (_, end) => {
    const { opened } = test;
    await opened.page.evaluate(`
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => (window.stream = await ask(wanted));
      HTMLMediaElement.prototype.play = () => new Promise((resolve) => (window.play = resolve));
    `);
    await opened.button('Use the camera').click();
    await until(() => opened.page.evaluate('window.play !== undefined'));
    await end();
    const isOff = `window.stream.getTracks()[0].readyState === 'ended' && document.querySelector('video').srcObject === null`;
    expect(await opened.page.evaluate(isOff)).toBe(true);
    await opened.page.evaluate('window.play()');
    expect(await opened.page.locator('#camera').isVisible()).toBe(false);
    expect(await opened.page.locator('#choose-problem').innerText()).toBe('');
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
