// The simulator's console in headless Chromium: `cargo xtask verify browser`.
//
// Environment: SIMULATOR and CHROMIUM (programs), MODULES (a node_modules with puppeteer-core and axe-core), IMAGES (a
// folder for the screenshots).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { accessSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

const { SIMULATOR, CHROMIUM, MODULES, IMAGES } = process.env;
const { default: puppeteer } = await import(`${MODULES}/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js`);
const AXE = readFileSync(`${MODULES}/axe-core/axe.min.js`, "utf8");
const TEST = "30000000-0000-4000-8000-000000000001";
const PRODUCTION = "30000000-0000-4000-8000-000000000003";
const SHOP = "20000000-0000-4000-8000-000000000001";
const STOREFRONT = "50000000-0000-4000-8000-000000000001";
const CHECKOUT = 3001;
const MANY = "50000000-0000-4000-8000-000000000099";
/** Milliseconds within which the page shows a change. */
const SOON = 100;
/** Maximum size of a screenshot. */
const IMAGE = 120_000;

const processes = [];

/** Starts a simulator, and returns its URL. */
async function start(...options) {
  const child = spawn(SIMULATOR, ["--seed", "demo", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  processes.push(child);
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("the simulator printed no URL");
}

/** Sends a request as the owner. */
async function call(url, method, path, body, status) {
  const headers = { authorization: "Basic " + btoa("simulator:simulator"), "content-type": "application/json" };
  const response = await fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  if (status) assert.equal(response.status, status, `${method} ${path}: ${text}`);
  return text ? JSON.parse(text) : null;
}

const valueOf = (flag, environment) => `/v2/environments/${environment}/settings/${flag}/value`;
const set = (url, on) => call(url, "PUT", valueOf(CHECKOUT, TEST), { defaultValue: { boolValue: on } }, 200);
const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Returns the file of a program. */
function found(name) {
  const files = [name, ...process.env.PATH.split(delimiter).map(folder => join(folder, name))];
  return files.find(file => { try { accessSync(file); return file.includes("/"); } catch { return false; } });
}

const browser = await puppeteer.launch({ executablePath: found(CHROMIUM), args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-lcd-text"] });
const errors = [];

/** Opens a page, and notes its errors. */
async function open(url, path = "/", window = browser) {
  const page = await window.newPage();
  await page.setViewport({ width: 1280, height: 760 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  page.on("console", message => { if (["error", "warn"].includes(message.type())) errors.push(message.text()); });
  page.on("pageerror", error => errors.push(String(error)));
  await page.goto(url + path);
  return page;
}

const isLive = page => page.waitForSelector("#status.live");
const cell = (flag, environment) => `[data-flag="${flag}"][data-environment="${environment}"] .value`;
const waitForText = (page, selector, text) =>
  page.waitForFunction((selector, text) => document.querySelector(selector)?.textContent.includes(text), { polling: "mutation" }, selector, text);
const tab = (page, name) => page.click(`#tab-${name}`);

/** Returns how many milliseconds after the response to a change the page showed it, for several changes. */
async function latencies(page, url, count) {
  const found = [];
  for (let at = 0; at < count; at++) {
    const wanted = at % 2 === 0 ? "false" : "true";
    const seen = page.evaluate((selector, wanted) => new Promise(done => {
      const check = () => document.querySelector(selector)?.textContent === wanted && (observer.disconnect(), done(Date.now()));
      const observer = new MutationObserver(check);
      observer.observe(document.querySelector("#rows"), { subtree: true, childList: true, characterData: true });
      window.armed = true;
    }), cell("newCheckout", "Test"), wanted);
    await page.waitForFunction(() => window.armed);
    await page.evaluate(() => { window.armed = false; });
    await set(url, wanted === "true");
    const responded = Date.now();
    found.push(await seen - responded);
  }
  return found;
}

async function checkChanges(page, url) {
  await waitForText(page, cell("newCheckout", "Test"), "true");
  const found = await latencies(page, url, 21);
  console.log(`a change is seen after ${median(found)} ms (median of 21, at most ${Math.max(...found)} ms)`);
  assert.ok(median(found) < SOON, `${found}`);
  await waitForText(page, "#entries", "flag_values.replace");
  await set(url, true);
}

async function checkJournal(page, url) {
  await call(url, "POST", "/__simulator/faults", { operation: "tags.create", status: 503, times: 1 }, 201);
  await call(url, "POST", `/v1/products/${SHOP}/tags`, { name: "console" }, undefined).catch(() => null);
  await call(url, "POST", `/v1/products/${SHOP}/tags`, { name: "console" }, 201);
  await waitForText(page, "#entries", "attempt 2");
  await waitForText(page, "#entries", "fault fault-1");
  await page.select("#j-method", "write");
  await page.type("#j-text", "tags.create");
  assert.equal((await page.$$("#entries li")).length, 2);
  await page.click("#entries li button");
  await waitForText(page, "#dialog-body", "\"name\": \"console\"");
  await page.keyboard.press("Escape");
  await page.click("#code");
  await waitForText(page, "#code-text", "client.tags.create");
  await page.keyboard.press("Escape");
  await page.$eval("#j-text", input => { input.value = ""; input.dispatchEvent(new Event("input")); });
  await page.select("#j-method", "");
}

async function checkKeyboard(page) {
  await page.focus("#grid");
  await page.keyboard.press("ArrowRight");
  const active = await page.$eval("#grid", grid => grid.getAttribute("aria-activedescendant"));
  assert.equal(active, "cell-0-2");
  await page.keyboard.press("Enter");
  await waitForText(page, "#dialog-body", "segment Beta customers");
  await waitForText(page, "#dialog-body", "20 %");
  await page.keyboard.press("Escape");
  await page.focus("#tab-flags");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.$eval("#panel-budgets", panel => panel.hidden), false);
  await tab(page, "flags");
}

async function checkForms(page, url) {
  await tab(page, "faults");
  await page.type("#fault [name=operation]", "me.get");
  await page.type("#fault [name=times]", "1");
  await page.click("#fault button");
  await waitForText(page, "#faults", "me.get");
  assert.equal((await fetch(url + "/v1/me")).status, 503);
  await waitForText(page, "#faults", "applied 1");
  await page.click("#no-faults");
  await page.waitForFunction(() => !document.querySelector("#faults .card"));
  await page.$eval("#fault [name=operation]", input => { input.value = "tags.lst"; });
  await page.click("#fault button");
  await waitForText(page, "#message", "did you mean tags.list?");
  await page.$eval("#fault [name=operation]", input => { input.value = ""; });
  await tab(page, "budgets");
  await page.waitForSelector("[data-credential=simulator]");
  const remaining = () => page.$eval("[data-credential=simulator]", meter => Number(meter.getAttribute("aria-valuenow")));
  const before = await remaining();
  await call(url, "GET", "/v1/me", undefined, 200);
  await page.waitForFunction(before => Number(document.querySelector("[data-credential=simulator]").getAttribute("aria-valuenow")) < before, {}, before);
  await tab(page, "state");
  await page.click("#freeze button");
  await waitForText(page, "#frozen", "stopped");
  await page.click("#resume");
  await waitForText(page, "#frozen", "runs");
  await page.type("#seed textarea", '{"organizations":[{"name":"Added","products":[{"name":"By form"}]}]}');
  await page.click("#seed button");
  await page.waitForFunction(() => document.querySelector("#seed textarea").value === "");
  assert.ok((await call(url, "GET", "/v1/products", undefined, 200)).some(product => product.name === "By form"));
  await tab(page, "flags");
}

async function checkLists(page, url) {
  const receiver = createServer((request, response) => { request.resume(); response.end(); });
  await new Promise(done => receiver.listen(0, "127.0.0.1", done));
  const hook = `http://127.0.0.1:${receiver.address().port}/hook`;
  await call(url, "POST", `/v1/configs/${STOREFRONT}/environments/${TEST}/webhooks`, { url: hook, httpMethod: "post" }, 201);
  const { webhooks: [{ webhookId }] } = await call(url, "GET", "/__simulator/console/webhooks", undefined, 200);
  await call(url, "GET", `/v1/webhooks/${webhookId}/keys`, undefined, 200);
  await set(url, true);
  await tab(page, "webhooks");
  await waitForText(page, "#webhooks", `POST ${hook}`);
  await waitForText(page, "#deliveries", "200 · 1 attempt");
  assert.match(await page.$eval("#deliveries", list => list.textContent), /signature [A-Za-z0-9+\/]{20}/);
  const change = { settingId: CHECKOUT, defaultValue: { boolValue: true } };
  const request = { title: "Launch <b>now</b>", reason: "Friday", proposedChanges: [{ proposedChange: change }] };
  await tab(page, "requests");
  await waitForText(page, "#requests", "none");
  await call(url, "POST", `/v2/configs/${STOREFRONT}/environments/${PRODUCTION}/change-requests`, request, 201);
  await waitForText(page, "#requests", "Launch <b>now</b>");
  await waitForText(page, "#requests", "newCheckout: false → true");
  await tab(page, "flags");
  receiver.close();
}

/** A seed with 10,000 flags. */
function large() {
  const settings = Array.from({ length: 10_000 }, (_, at) => ({
    key: `flag${String(at).padStart(5, "0")}`, name: `Flag ${at}`, settingType: "boolean", values: { Test: at % 3 === 0 },
  }));
  const config = { configId: MANY, name: "Many", evaluationVersion: "v2", settings };
  const product = { name: "Large", environments: [{ name: "Test" }, { name: "Staging" }, { name: "Production" }], configs: [config] };
  return { organizations: [{ name: "Large", products: [product] }] };
}

async function checkManyFlags(page, url) {
  await call(url, "POST", "/__simulator/seed", large(), 204);
  await page.waitForFunction(id => [...document.querySelectorAll("#config option")].some(option => option.value === id), {}, MANY);
  await page.select("#config", MANY);
  await waitForText(page, "#count", "10000 flags");
  const { frames, rows, last } = await page.evaluate(async () => {
    const grid = document.querySelector("#grid");
    const frame = () => new Promise(requestAnimationFrame);
    const frames = [];
    let rows = 0;
    await frame();
    for (let at = 0; at < 120; at++) {
      const started = performance.now();
      grid.scrollTop += at < 60 ? 300 : 7000;
      await frame();
      await frame();
      frames.push((performance.now() - started) / 2);
      rows = Math.max(rows, document.querySelectorAll("#rows [role=row]").length);
    }
    grid.scrollTop = grid.scrollHeight;
    await frame();
    await frame();
    return { frames, rows, last: document.querySelector("#rows [role=row]:last-child").textContent };
  });
  console.log(`10,000 flags: a frame takes ${median(frames).toFixed(1)} ms (median), at most ${rows} rows in the page`);
  assert.ok(median(frames) < 34 && rows < 80, `${frames}`);
  assert.match(last, /flag09999/);
  await page.type("#find", "flag04242");
  await waitForText(page, "#count", "1 of 10000 flags");
  const flag = await page.$eval("#rows [role=rowheader]", header => header.textContent);
  assert.match(flag, /flag04242/);
  await page.$eval("#find", input => { input.value = ""; input.dispatchEvent(new Event("input")); });
  await page.select("#config", STOREFRONT);
  await waitForText(page, cell("newCheckout", "Test"), "true");
}

async function checkTwoTabs(page, url) {
  // In windows of their own, both are seen.
  const window = await browser.createBrowserContext();
  const other = await open(url, "/", window);
  await isLive(other);
  await waitForText(other, cell("newCheckout", "Test"), "true");
  for (const on of [false, true]) {
    await set(url, on);
    for (const each of [page, other]) await waitForText(each, cell("newCheckout", "Test"), String(on));
  }
  await window.close();
  // In the same window, the tab behind gives its connection back, and catches up when it is seen again.
  const front = await open(url);
  await isLive(front);
  await waitForText(page, "#status", "paused");
  await set(url, false);
  await waitForText(front, cell("newCheckout", "Test"), "false");
  assert.equal(await page.$eval(cell("newCheckout", "Test"), value => value.textContent), "true");
  await front.close();
  await page.bringToFront();
  await waitForText(page, cell("newCheckout", "Test"), "false");
  await isLive(page);
  await set(url, true);
  await waitForText(page, cell("newCheckout", "Test"), "true");
}

async function checkToken() {
  const url = await start("--admin-token", "s3cret");
  const page = await open(url);
  await page.waitForSelector("#token-dialog[open]");
  assert.equal((await page.$$("#rows [role=row]")).length, 0);
  await page.type("#token-dialog input", "s3cret");
  await page.keyboard.press("Enter");
  await isLive(page);
  await waitForText(page, cell("newCheckout", "Test"), "true");
  await page.close();
  // The browser reports the response with status 401 that made the page ask.
  const asked = errors.findIndex(error => error.includes("401"));
  assert.ok(asked >= 0);
  errors.splice(asked, 1);
}

async function checkAccessibility(page) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    for (const name of ["flags", "budgets", "faults", "state", "webhooks", "requests"]) {
      await tab(page, name);
      await new Promise(done => setTimeout(done, 300));
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(" | ")}`);
      assert.deepEqual(found, [], `${scheme} ${name}`);
    }
    await tab(page, "flags");
    await page.click("#rows [role=gridcell]");
    await waitForText(page, "#dialog-body", "Last changes");
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => axe.run("#dialog", { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map(({ id }) => id), [], `${scheme} dialog`);
    await page.keyboard.press("Escape");
  }
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
}

async function takePictures(page) {
  const picture = async name => {
    const path = `${IMAGES}/console-${name}.webp`;
    await page.screenshot({ path, type: "webp", quality: 90 });
    const { size } = statSync(path);
    assert.ok(size < IMAGE, `${path} has ${size} bytes`);
  };
  await page.evaluate(() => document.activeElement.blur());
  await page.setViewport({ width: 1280, height: 620 });
  await new Promise(done => setTimeout(done, 1600));
  await picture("light");
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  await picture("dark");
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await page.setViewport({ width: 390, height: 780, isMobile: true, hasTouch: true });
  await new Promise(done => setTimeout(done, 300));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `the page is ${wide} px too wide for a phone`);
  await picture("phone");
}

async function checkSwagger(url) {
  const page = await open(url, "/swagger");
  await page.waitForSelector('.opblock-tag[data-tag="Flag values"]');
  const tags = await page.$$eval(".opblock-tag", tags => tags.map(tag => tag.dataset.tag));
  assert.ok(tags.includes("Flag values") && tags.includes("Settings"), `${tags}`);
  assert.ok(await page.$(".operation-filter-input"), "there is no filter");
  assert.match(await page.title(), /simulator/);
  assert.equal(await page.$eval(".servers select, .servers option, .servers", element => element.textContent.includes("http")), true);
  await page.click('.opblock-tag[data-tag="Settings"]');
  await page.waitForSelector('[data-path="/v1/settings/{settingId}"]');
  await page.close();
}

try {
  const url = await start("--rate-limit", "1000/60");
  const page = await open(url);
  await isLive(page);
  await checkChanges(page, url);
  await checkJournal(page, url);
  await checkKeyboard(page);
  await checkTwoTabs(page, url);
  await checkForms(page, url);
  await checkLists(page, url);
  await checkManyFlags(page, url);
  await checkAccessibility(page);
  await takePictures(page);
  await page.close();
  await checkSwagger(url);
  await checkToken();
  const unexpected = errors.filter(error => !error.includes("status of 400"));
  assert.deepEqual(unexpected, []);
  console.log("the console works");
} finally {
  await browser.close();
  processes.forEach(child => child.kill());
}
