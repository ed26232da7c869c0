import { expect, it } from '@jest/globals';
import { describePage } from './describe-page';
import { portrait } from './given-files';

describePage('the connection between the page and its server', (test) => {
  it('brings the recent photos again after a reload, and after back and forward', async () => {
    const { opened } = test;
    await opened.send(portrait);
    await opened.outcome();
    const before = await opened.page.locator('#recent').innerText();
    const visits = [
      () => opened.page.reload(),
      async () => {
        await opened.page.goto('about:blank');
        await opened.page.goBack();
      },
    ];
    for (const visit of visits) {
      await visit();
      await opened.page.locator('#recent > li').first().waitFor();
      expect(await opened.page.locator('#recent').innerText()).toBe(before);
      expect(await opened.page.locator('#progress').isVisible()).toBe(false);
    }
  });

  it('brings what happened while the tab slept', async () => {
    const { opened, served } = test;
    const before = await opened.listed();
    const devTools = await opened.page.context().newCDPSession(opened.page);
    await devTools.send('Page.setWebLifecycleState', { state: 'frozen' });
    const other = await served.open();
    await other.send(portrait);
    await other.outcome();
    await other.close();
    await devTools.send('Page.setWebLifecycleState', { state: 'active' });
    await opened.page.locator('#recent .pill-good').nth(before).waitFor();
  });

  it('is made again after an answer other than 200', async () => {
    const { opened } = test;
    let failures = 0;
    await opened.page.route('**/events', async (route) => {
      failures += 1;
      if (failures > 2) await route.continue();
      else await route.fulfill({ status: 502 });
    });
    await opened.page.reload();
    await opened.page.getByText('Everything runs on this machine.').waitFor();
    expect(await opened.page.locator('#connection').innerText()).toBe('');
    // Chromium reports each failed request.
    expect(opened.complaints.splice(0)).toHaveLength(2);
  });

  it('shows a switch in every open page', async () => {
    const { opened, served } = test;
    const other = await served.open();
    await opened.setFault('Outage (503)', true);
    await other.page.locator('#outage:checked').waitFor();
    await opened.setFault('Outage (503)', false);
    await other.page.locator('#outage:not(:checked)').waitFor();
    await other.close();
  });
});
