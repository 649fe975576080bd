// Checks the site in Chromium: node main.mjs SITE NODE_MODULES SCREENSHOTS CHROMIUM VERSION
//
// Every page of our own is opened on a desktop and a phone: no error in the console, no overflow, enough contrast in both colour
// schemes. Links and anchors are followed in the files. The search is asked as a reader would. UPDATE_SITE=1 writes the
// screenshots of docs/images.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { delimiter, extname, join, relative } from "node:path";
import { brokenLinks } from "./links.mjs";
import { searches } from "./search.mjs";
import { screenshots } from "./screenshots.mjs";

const [site, modules, pictures, chromium, version] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const { chromium: browserType } = require("playwright-core");
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

/** Directories with the output of other tools, whose pages are not ours. */
const FOREIGN = ["rust", "c", "cpp", "kotlin", "swift"].map(name => `${version}/reference/${name}/`);
/** Largest size in bytes of an HTML page, of the index of the search, and of everything else that the front page loads. */
const HEAVIEST = { page: 150_000, search: 1_100_000, front: 350_000 };
/** Pages that are long tables, whose size the simulator or the tests decide. */
const LONG = ["simulator-fidelity/", "about/", "python/reference/", "parity/", "cli/", "simulator/", "c/", "sources/"];
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const TYPES = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json",
  ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".webp": "image/webp",
};

let passed = 0;
const failures = [];
function check(condition, message) {
  if (condition) passed += 1;
  else failures.push(message);
}

const server = createServer(async (request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
  const file = join(site, path.endsWith("/") ? `${path}index.html` : path);
  try {
    const content = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end("not found");
  }
});
await new Promise(ready => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
  return (await Promise.all(lists)).flat();
}

const files = (await filesBelow(join(site, version))).map(file => relative(site, file));
const pages = files.filter(file => file.endsWith(".html") && !FOREIGN.some(start => file.startsWith(start)));
check(pages.length > 60, `only ${pages.length} pages`);

for (const problem of await brokenLinks(site, pages, files)) failures.push(problem);
passed += 1;

let heaviest = ["", 0];
for (const page of pages) {
  const { size } = await stat(join(site, page));
  const place = page.slice(version.length + 1);
  const exempt = LONG.some(start => place.startsWith(start)) && !place.startsWith("python/reference/resources/");
  check(exempt || size <= HEAVIEST.page, `${page}: ${size} bytes`);
  if (size > heaviest[1]) heaviest = [page, size];
}
console.log(`${pages.length} pages; the heaviest is ${heaviest[0]} with ${(heaviest[1] / 1000).toFixed(0)} kB`);

const program = (process.env.PATH ?? "").split(delimiter).map(folder => join(folder, chromium)).find(existsSync);
const browser = await browserType.launch({ executablePath: program, args: ["--no-sandbox"] });

/** Returns what is wrong with the layout of the page that is open. */
function layout(isDesktop) {
  const problems = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("body *")].find(element => element.getBoundingClientRect().right > innerWidth + 1
      && !element.closest("pre, .md-typeset__scrollwrap, .tabbed-labels, .md-tabs, .md-nav, .md-search, .md-sidebar"));
    problems.push(`is ${root.scrollWidth} px wide, not ${innerWidth}: ${wide?.outerHTML.slice(0, 120)}`);
  }
  if (isDesktop) {
    for (const input of document.querySelectorAll(".tabbed-set > input")) {
      input.checked = true;
      check(input.closest(".tabbed-set"));
    }
    check(document);
  }
  function check(within) {
    for (const code of within.querySelectorAll("pre > code")) {
      if (code.offsetParent && code.scrollWidth > code.clientWidth + 1) {
        const lines = code.textContent.split("\n");
        const longest = lines.reduce((a, b) => (b.length > a.length ? b : a));
        problems.push(`code block is cut off, ${code.scrollWidth} of ${code.clientWidth} px: ${longest.slice(0, 120)}`);
      }
    }
  }
  return [...new Set(problems)];
}

async function contrast(page) {
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["color-contrast", "image-alt", "link-name", "button-name", "document-title", "html-has-lang"],
    resultTypes: ["violations"],
  }));
  return result.violations.flatMap(({ id, nodes }) => nodes.slice(0, 2).map(node => `${id}: ${node.html.slice(0, 120)} ${
    node.any[0]?.data?.contrastRatio ?? ""}`));
}

async function inspect(context, file) {
  const page = await context.newPage();
  const problems = [];
  page.on("console", message => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", error => problems.push(`error: ${error.message}`));
  page.on("response", response => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
  await page.goto(`${origin}/${file.replace(/index\.html$/, "")}`, { waitUntil: "load" });
  problems.push(...await page.evaluate(layout, true));
  await page.evaluate(axe);
  problems.push(...await contrast(page));
  if (!/reference\/|sources\//.test(file)) {
    await page.emulateMedia({ colorScheme: "dark" });
    problems.push(...(await contrast(page)).map(problem => `dark: ${problem}`));
    await page.emulateMedia({ colorScheme: "light" });
  }
  await page.setViewportSize(PHONE);
  problems.push(...(await page.evaluate(layout, false)).map(problem => `on a phone: ${problem}`));
  await page.close();
  check(problems.length === 0, problems.slice(0, 5).map(problem => `${file}: ${problem}`).join("\n"));
}

const context = await browser.newContext({ viewport: DESKTOP, colorScheme: "light", reducedMotion: "reduce" });
// Copies of source files look alike: one of them is enough.
const copies = pages.filter(page => page.includes("/sources/"));
const chosen = new RegExp(process.env.SITE_PAGES ?? ".");
// The page for unknown addresses needs the root of the server that it is served from.
const waiting = pages.filter(page => !page.endsWith("404.html") && chosen.test(page) && (!copies.includes(page) || page === copies[0]));
await Promise.all([0, 1, 2].map(async () => {
  for (let file = waiting.shift(); file; file = waiting.shift()) await inspect(context, file);
}));

const front = await context.newPage();
let loaded = 0;
front.on("response", async response => {
  // Loaded in the background, after the page.
  if (!response.url().endsWith("search_index.json")) loaded += (await response.body().catch(() => "")).length;
});
await front.goto(`${origin}/${version}/`, { waitUntil: "networkidle" });
check(loaded > 0 && loaded <= HEAVIEST.front, `the front page loads ${loaded} bytes`);
const index = (await stat(join(site, version, "search/search_index.json"))).size;
check(index <= HEAVIEST.search, `the index of the search has ${index} bytes`);
console.log(`the index of the search has ${(index / 1000).toFixed(0)} kB`);
console.log(`the front page loads ${(loaded / 1000).toFixed(0)} kB`);

for (const { phrase, found, expected } of await searches(front, `${origin}/${version}/`)) {
  check(expected.test(found[0] ?? ""), `search for "${phrase}" found ${found.slice(0, 3).join(", ") || "nothing"}, not ${expected}`);
}
await front.close();

await mkdir(pictures, { recursive: true });
for (const { name, content } of await screenshots(browser, `${origin}/${version}/`)) {
  check(content.length < 120_000, `${name}: ${content.length} bytes`);
  await writeFile(join(process.env.UPDATE_SITE ? "docs/images" : pictures, name), content);
}

await browser.close();
server.close();
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length ? 1 : 0;
