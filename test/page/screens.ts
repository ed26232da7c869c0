/** Screens that the page must fit. */
export const phone = { viewport: { width: 390, height: 740 }, hasTouch: true, isMobile: true };
export const desktop = { viewport: { width: 1280, height: 900 } };
