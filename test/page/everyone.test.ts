import { expect, it } from '@jest/globals';
import { describePage } from './describe-page';
import { heic, portrait } from './given-files';
import type { OpenedPage } from './opened-page';
import { desktop, phone } from './screens';

/** The page's states. Each starts where the one before ended. */
const states: Readonly<Record<string, (opened: OpenedPage) => Promise<unknown>>> = {
  start: () => Promise.resolve(),
  'refused photo': async (opened) => {
    await opened.drop(heic);
    await opened.verdict();
  },
  camera: async (opened) => {
    await opened.button('Use the camera').click();
    await opened.button('Take the photo').waitFor();
  },
  'photo chosen': async (opened) => {
    await opened.choose(portrait);
    await opened.ready();
  },
  sending: async (opened) => {
    await opened.sendWithoutAnswer();
    await opened.page.locator('#progress').waitFor();
  },
  error: async (opened) => {
    await opened.breakConnection();
    await opened.failure();
  },
  done: async (opened) => {
    await opened.repairConnection();
    await opened.button('Try again').click();
    await opened.outcome();
  },
  rejected: async (opened) => {
    await opened.chooseClient('A client that ComplyCube does not know');
    await opened.button('Send the photo').click();
    await opened.page.locator('#steps-outcome .box-bad').waitFor();
  },
};

describePage('the page for everyone', (test) => {
  it.each([
    ['light', desktop, 'light'],
    ['dark', desktop, 'dark'],
    ['light, on a phone', phone, 'light'],
    ['dark, on a phone', phone, 'dark'],
  ] as const)('has no accessibility violations in any state, %s', async (_, screen, colorScheme) => {
    const opened = await test.served.open({ ...screen, colorScheme });
    const violations: Record<string, string[]> = {};
    for (const [name, enter] of Object.entries(states)) {
      await enter(opened);
      violations[name] = await opened.accessibilityViolations();
    }
    expect(violations).toEqual(Object.fromEntries(Object.keys(states).map((name) => [name, []])));
    await opened.close();
  });

  it.each([
    ['a phone', 390],
    ['a desktop at 200 % zoom', 640],
    ['a phone at 120 % zoom', 320],
  ])('fits the width of %s', async (_, width) => {
    const opened = await test.served.open({ ...phone, viewport: { width, height: 740 } });
    await opened.send(portrait);
    await opened.outcome();
    await opened.button('Use the camera').click();
    expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await opened.close();
  });

  it('can be used without a mouse, in the order photo, client, send, failures', async () => {
    const { opened } = test;
    await opened.choose(portrait);
    await opened.ready();
    await opened.page.locator('body').focus();
    const reached: string[] = [];
    while (!reached.includes('lost-answer') && reached.length < 40) {
      await opened.page.keyboard.press('Tab');
      reached.push(await opened.page.evaluate(() => document.activeElement?.id ?? ''));
    }
    // The buttons of the recent photos have no ID.
    const named = reached.filter((id) => id !== '');
    expect(named).toEqual([
      'camera-on',
      'file',
      'sample',
      'client',
      'unchanged',
      'send',
      'too-many-requests',
      'outage',
      'lost-answer',
    ]);
    await opened.button('Send the photo').focus();
    await opened.page.keyboard.press('Enter');
    expect(await opened.outcome()).toMatch(/^Uploaded/);
  });

  it('has no motion if the person prefers that', async () => {
    const motion = async (reducedMotion: 'reduce' | 'no-preference'): Promise<string[]> => {
      const opened = await test.served.open({ reducedMotion });
      const names = await opened.step('granted').evaluate((step) => {
        step.dataset['state'] = 'next';
        return [
          getComputedStyle(step.querySelector('.dot') ?? step).animationName,
          getComputedStyle(document.documentElement).scrollBehavior,
        ];
      });
      await opened.close();
      return names;
    };
    expect(await motion('no-preference')).toEqual(['breathe', 'smooth']);
    expect(await motion('reduce')).toEqual(['none', 'auto']);
  });
});
