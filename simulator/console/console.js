// The console: requests to the admin path, the stream of events, and the tabs.
import { onChanged, openGrid } from "./grid.js";
import { cleared, missed, openJournal, requested, forget } from "./journal.js";
import { openPanels, refresh } from "./panels.js";

export const $ = id => document.getElementById(id);

/** Creates an element. Texts are never parsed as HTML. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Returns a timestamp without the date if it is of today. */
export function time(at) {
  if (!at) return "";
  const date = new Date(at), two = number => String(number).padStart(2, "0");
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return date.toDateString() === new Date().toDateString() ? clock : `${day} ${clock.slice(0, 5)}`;
}

export function say(text) { $("message").textContent = text; }

let token = sessionStorage.getItem("token");

/** Sends a request to the admin path; asks for the token if one is required. */
export async function admin(method, path, body, options = {}) {
  for (;;) {
    const headers = {};
    if (token) headers["x-simulator-token"] = token;
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch("/__simulator" + path, { method, headers, body, ...options });
    if (response.ok) return response;
    const text = await response.text();
    // With the token, any Host is accepted.
    const isForbiddenHost = response.status === 403 && !token && text.includes("Host header");
    if (response.status !== 401 && !isForbiddenHost) throw new Error(`${response.status}: ${text}`);
    token = await askForToken();
    sessionStorage.setItem("token", token);
  }
}

export const get = async path => (await admin("GET", path)).json();

let asked = null;
function askForToken() {
  asked ??= new Promise(done => {
    const dialog = $("token-dialog"), form = $("token-form");
    dialog.showModal();
    form.onsubmit = event => {
      event.preventDefault();
      asked = null;
      dialog.close();
      done(form.elements.token.value);
    };
  });
  return asked;
}

/** Shows a dialog with these children. */
export function show(title, ...children) {
  $("dialog-title").textContent = title;
  $("dialog-body").replaceChildren(...children);
  if (!$("dialog").open) $("dialog").showModal();
}

const position = { run: null, after: null, revision: null };

function handle(event, data) {
  switch (event) {
    case "hello":
      // The simulator was restarted: what is shown is of another one.
      if (position.run !== null && position.run !== data.run) {
        forget();
        position.after = null;
        onChanged(null);
      }
      position.run = data.run;
      position.revision ??= data.revision;
      break;
    case "request":
      position.after = data.id;
      requested(data);
      break;
    case "changed":
      position.revision = data.revision;
      onChanged(data.flags);
      break;
    case "missed": missed(data.count); break;
    case "cleared": cleared(); break;
  }
  refresh();
}

/** Reads events until the stream ends. `EventSource` could not send the token. */
async function read(abort) {
  const query = new URLSearchParams();
  if (position.after !== null) query.set("after", position.after);
  if (position.revision !== null) query.set("revision", position.revision);
  const response = await admin("GET", "/events?" + query, undefined, { signal: abort.signal });
  $("status").textContent = "live";
  $("status").className = "live";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n");
      const field = name => lines.find(line => line.startsWith(name + ": "))?.slice(name.length + 2);
      if (field("event")) handle(field("event"), JSON.parse(field("data")));
    }
  }
}

async function follow() {
  let pause = 250, abort = null;
  // Browsers allow few connections to a server: tabs that are not seen give theirs back, and catch up later.
  document.addEventListener("visibilitychange", () => { if (document.hidden) abort?.abort(); });
  for (;;) {
    if (!document.hidden) {
      abort = new AbortController();
      const started = Date.now();
      try { await read(abort); } catch (error) { if (error.name !== "AbortError" && error.name !== "TypeError") say(error.message); }
      pause = Date.now() - started > 5000 ? 250 : Math.min(pause * 2, 5000);
      $("status").textContent = document.hidden ? "paused" : "connecting";
      $("status").className = "";
    }
    if (document.hidden) await new Promise(done => document.addEventListener("visibilitychange", done, { once: true }));
    else await new Promise(done => setTimeout(done, pause));
  }
}

function openTabs() {
  const tabs = [...$("tabs").children];
  const select = tab => {
    for (const other of tabs) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", chosen);
      other.tabIndex = chosen ? 0 : -1;
      $(other.getAttribute("aria-controls")).hidden = !chosen;
    }
    say("");
    refresh(true);
  };
  tabs.forEach((tab, at) => {
    tab.onclick = () => select(tab);
    tab.onkeydown = event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step ? tabs.at((at + step) % tabs.length) : { Home: tabs[0], End: tabs.at(-1) }[event.key];
      if (!next) return;
      event.preventDefault();
      next.focus();
      select(next);
    };
  });
}

function openTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const show = () => $("theme").setAttribute("aria-pressed", isDark());
  const stored = localStorage.getItem("theme");
  if (stored) document.documentElement.dataset.theme = stored;
  $("theme").onclick = () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("theme", document.documentElement.dataset.theme);
    show();
  };
  system.onchange = show;
  show();
}

async function open() {
  openTheme();
  openTabs();
  openPanels();
  openJournal();
  $("dialog-close").onclick = () => $("dialog").close();
  try {
    const overview = await get("/console");
    $("version").textContent = overview.version;
    const password = overview.password ? `password ${overview.password}` : "the password that it was started with";
    $("hint").textContent = `user name ${overview.username}, ${password}`;
    if (overview.journal === 0) say("The journal is off (--journal 0): requests are not shown.");
    position.revision = overview.revision;
    await openGrid(overview);
  } catch (error) { say(error.message); }
  follow();
}

// Modules that this one imports use what it exports.
queueMicrotask(open);
