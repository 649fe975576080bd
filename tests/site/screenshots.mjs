// Takes pictures of the site: on a desktop in both colour schemes, and on a phone.

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const PICTURES = [
  ["site-front.webp", "", DESKTOP, "light"],
  ["site-front-dark.webp", "", DESKTOP, "dark"],
  ["site-front-phone.webp", "", PHONE, "light"],
  ["site-guide.webp", "guides/editing-flags/", DESKTOP, "light"],
  ["site-guide-dark.webp", "guides/editing-flags/", DESKTOP, "dark"],
  ["site-guide-phone.webp", "guides/editing-flags/", PHONE, "dark"],
  ["site-reference.webp", "python/reference/resources/products/", DESKTOP, "light"],
];

/** Returns the names and contents of the pictures. */
export async function screenshots(browser, url) {
  const pictures = [];
  for (const [name, path, viewport, colorScheme] of PICTURES) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(url + path, { waitUntil: "networkidle" });
    // The protocol of the browser can write WebP, which is a third of the size.
    const session = await context.newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 60 });
    pictures.push({ name, content: Buffer.from(data, "base64") });
    await context.close();
  }
  return pictures;
}
