// Asks the search of the site as a reader would.

/** Phrases, each with the page that has to be found first. */
const PHRASES = [
  ["create a flag", /guides\/editing-flags/],
  ["rollout", /guides\/editing-flags|rollout-in-steps/],
  ["429", /guides\/rate-limits/],
  ["backup", /recipes\/backup/],
  ["undo", /recipes\/undo|changes\//],
  ["install c", /\/c\/|guides\/embedding/],
  ["authentication", /guides\/authentication/],
  ["credentials", /guides\/authentication/],
  ["retry", /guides\/rate-limits/],
  ["rate limit", /guides\/rate-limits/],
  ["webhook signature", /guides\/webhooks/],
  ["targeting rules", /rules\/|guides\/editing-flags/],
  ["percentage", /guides\/editing-flags|rules\//],
  ["bulk", /guides\/bulk/],
  ["test without account", /guides\/testing/],
  ["simulator", /guides\/testing|simulator\//],
  ["opentelemetry", /observability\//],
  ["android", /mobile\//],
  ["event loop", /guides\/embedding/],
  ["conflict", /guides\/errors|guides\/editing-flags/],
  ["command line", /cli\//],
  ["stale flags", /clean-up-stale-flags/],
  ["deprecation", /about\/support/],
];

/** Returns for each phrase the pages that the search found, best first. */
export async function searches(page, url) {
  const results = [];
  await page.goto(url, { waitUntil: "networkidle" });
  for (const [phrase, expected] of PHRASES) {
    const field = page.locator(".md-search__input");
    await field.click();
    // The theme reads the field when a key is released.
    await field.fill("");
    await field.press("End");
    await page.waitForFunction(() => !document.querySelector(".md-search-result__meta")?.textContent.includes("matching"));
    await field.fill(phrase);
    await field.press("End");
    await page.waitForFunction(() => document.querySelector(".md-search-result__meta")?.textContent.includes("matching"));
    // Results are written in frames after the count.
    const links = page.locator(".md-search-result__item > .md-search-result__link");
    await page.waitForTimeout(150);
    const found = await links.evaluateAll(all => all.map(link => new URL(link.href).pathname));
    results.push({ phrase, expected, found });
  }
  return results;
}
