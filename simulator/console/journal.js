// The journal: the newest requests, with filters.
import { $, admin, get, h, say, show, time } from "./console.js";

const KEPT = 2000, PAGE = 100;
let entries = [], count = PAGE, drawn = false;
const callers = new Set();

export function openJournal() {
  for (const id of ["j-text", "j-method", "j-status", "j-credential"]) $(id).oninput = () => { count = PAGE; draw(); };
  $("older").onclick = () => { count += PAGE; draw(); };
  $("j-clear").onclick = () => admin("DELETE", "/journal").catch(error => say(error.message));
  $("code").onclick = () => code().catch(error => say(error.message));
  draw();
}

export function requested(entry) {
  entries.push(entry);
  if (entries.length > KEPT) entries.splice(0, entries.length - KEPT);
  if (entry.credential && !callers.has(entry.credential)) {
    callers.add(entry.credential);
    $("j-credential").append(h("option", {}, entry.credential));
  }
  later();
}

export function missed(count) {
  entries.push({ missed: count });
  later();
}

export function cleared() { forget(); }

export function forget() {
  entries = [];
  later();
}

/** Draws once for all events that have arrived. */
function later() {
  if (drawn) return;
  drawn = true;
  queueMicrotask(() => { drawn = false; draw(); });
}

function matches(entry) {
  if (entry.missed) return true;
  const text = $("j-text").value.trim().toLowerCase(), method = $("j-method").value, status = $("j-status").value, caller = $("j-credential").value;
  return (!text || `${entry.operation} ${entry.path}`.toLowerCase().includes(text))
    && (!method || (method === "write" ? entry.method !== "GET" : entry.method === method))
    && (!status || (status === "fault" ? entry.fault : String(entry.status).startsWith(status)))
    && (!caller || entry.credential === caller);
}

const items = new Map();

function draw() {
  const found = [];
  let more = false;
  for (let at = entries.length - 1; at >= 0; at--) {
    if (!matches(entries[at])) continue;
    if (found.length === count) { more = true; break; }
    found.push(entries[at]);
  }
  $("older").hidden = !more;
  const list = $("entries");
  if (!found.length) {
    items.clear();
    list.replaceChildren(h("li", { class: "missed" }, "No requests."));
    return;
  }
  const wanted = new Set(found);
  for (const item of [...list.children]) if (!wanted.has(item.entry)) { item.remove(); items.delete(item.entry); }
  // Newest first: new ones go before those that are there.
  let next = list.firstChild;
  for (const entry of found) {
    let item = items.get(entry);
    if (!item) {
      item = drawEntry(entry);
      item.entry = entry;
      items.set(entry, item);
    }
    if (item !== next) list.insertBefore(item, next);
    else next = next.nextSibling;
  }
}

function drawEntry(entry) {
  if (entry.missed) return h("li", { class: "missed" }, `missed ${entry.missed} requests: the journal has moved on`);
  return h("li", {}, h("button", { type: "button", "data-id": entry.id, click: () => open(entry.id) },
    h("span", {}, entry.method), h("span", { class: `s${String(entry.status)[0]}` }, String(entry.status)),
    h("span", { class: "name" }, entry.operation ?? entry.path,
      entry.attempt > 1 && h("span", { class: "mark" }, `attempt ${entry.attempt}`),
      entry.fault && h("span", { class: "mark" }, `fault ${entry.fault}`)),
    h("span", { class: "quiet" }, `${(entry.micros / 1000).toFixed(1)} ms`),
    h("span", { class: "path" }, `${time(entry.at)} ${entry.credential ?? "unknown caller"} ${entry.path}${entry.query ? "?" + entry.query : ""}`)));
}

const pretty = body => typeof body === "string" ? body : JSON.stringify(body, null, 2);

async function open(id) {
  try {
    const entry = await get(`/journal/${id}`);
    const body = (title, value) => value === null ? [] : [h("h3", {}, title), h("pre", { tabindex: 0, "aria-label": title }, pretty(value))];
    show(`${entry.method} ${entry.path}`,
      h("p", {}, `${entry.status} · ${entry.operation ?? "no operation"} · ${entry.credential ?? "unknown caller"} · ${(entry.micros / 1000).toFixed(1)} ms · ${time(entry.at)}`,
        entry.fault && h("span", { class: "mark" }, `fault ${entry.fault}`)),
      ...body("Query", entry.query || null),
      ...body("Request headers", entry.requestHeaders.map(header => header.join(": ")).join("\n") || null),
      ...body("Request body", entry.requestBody), ...body("Response body", entry.responseBody));
  } catch (error) {
    show(`Request ${id}`, h("p", {}, error.message.startsWith("404") ? "The journal no longer has this request." : error.message));
  }
}

async function code() {
  const language = $("code-language").value;
  const text = await (await admin("GET", `/console/code?language=${language}&limit=${$("code-count").value || 20}`)).text();
  let copied = "copied";
  // Browsers allow it on loopback and HTTPS only.
  try { await navigator.clipboard.writeText(text); } catch { copied = "select and copy it"; }
  show("Last writes as code", h("p", { role: "status" }, copied), h("pre", { id: "code-text", tabindex: 0, "aria-label": "Code" }, text));
}
