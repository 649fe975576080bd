// Rate limit, faults, clock and state, webhooks, change requests; and the tree of rules.
import { $, admin, get, h, say, time } from "./console.js";

/** Returns a value as text. */
export function shown(value) {
  return value === null || value === undefined ? "none" : typeof value === "string" ? JSON.stringify(value) : String(value);
}

const words = name => name.replace(/([A-Z])/g, letter => " " + letter.toLowerCase());
const plain = value => shown(value && typeof value === "object" ? value.boolValue ?? value.stringValue ?? value.intValue ?? value.doubleValue : value);
const chip = value => h("span", { class: `value ${value}` }, value);

function condition(item, names) {
  const { userCondition: user, segmentCondition: segment, prerequisiteFlagCondition: flag } = item;
  if (user) {
    const value = user.comparisonValue ?? {};
    const list = value.listValue?.map(entry => shown(entry.value) + (entry.hint ? ` (${entry.hint})` : "")).join(", ");
    return `${user.comparisonAttribute} ${words(user.comparator)} ${list ?? shown(value.stringValue ?? value.doubleValue)}`;
  }
  if (segment) return `${words(segment.comparator)} segment ${names.segments[segment.segmentId] ?? segment.segmentId}`;
  return `flag ${names.flags[flag.prerequisiteSettingId] ?? flag.prerequisiteSettingId} ${words(flag.comparator)} ${plain(flag.prerequisiteComparisonValue)}`;
}

const percentages = options => h("ul", { class: "tree" }, options.map(option => h("li", {}, `${option.percentage} % `, chip(plain(option.value)))));

/** Returns the rules of a value as a list. */
export function ruleTree(content, names) {
  const items = [];
  if (content?.v2) {
    for (const rule of content.v2.rules) {
      const conditions = rule.conditions ?? [];
      const options = rule.percentageOptions ?? [];
      items.push(h("li", {}, conditions.length ? ["if ", conditions.map((item, at) => [at ? h("strong", {}, " and ") : "", condition(item, names)]).flat(), ": "] : "for all: ",
        options.length ? percentages(options) : chip(plain(rule.value))));
    }
    items.push(h("li", {}, items.length ? "else " : "", chip(plain(content.v2.default))));
  } else if (content?.v1) {
    for (const rule of content.v1.rules) {
      const segment = rule.segmentId && `${words(rule.segmentComparator ?? "isIn")} segment ${names.segments[rule.segmentId] ?? rule.segmentId}`;
      items.push(h("li", {}, `if ${segment || `${rule.comparisonAttribute} ${words(rule.comparator ?? "")} ${shown(rule.comparisonValue)}`}: `, chip(plain(rule.value))));
    }
    const options = content.v1.percentages;
    if (options.length) items.push(h("li", {}, "for all: ", percentages(options)));
    else items.push(h("li", {}, items.length ? "else " : "", chip(plain(content.v1.value))));
  }
  return h("ol", { class: "tree" }, items);
}

const seen = id => !$(id).hidden;
let last = 0, timer = null;

/** Reads the panel that is seen again: soon, and not more often than four times a second. */
export function refresh(now = false) {
  if (timer && !now) return;
  clearTimeout(timer);
  timer = setTimeout(() => { timer = null; last = Date.now(); read().catch(error => say(error.message)); }, now ? 0 : Math.max(0, 250 - (Date.now() - last)));
}

async function read() {
  if (document.hidden) return;
  if (seen("panel-budgets")) await budgets();
  if (seen("panel-faults")) await faults();
  if (seen("panel-state")) await clock();
  if (seen("panel-webhooks")) await webhooks();
  if (seen("panel-requests")) await requests();
}

let shownTexts = new Map();

/** Replaces what a part shows if it has changed, so that focus and open details stay. */
function put(id, data, draw) {
  const text = JSON.stringify(data);
  if (shownTexts.get(id) === text) return;
  shownTexts.set(id, text);
  $(id).replaceChildren(...draw(data));
}

async function budgets() {
  const list = await get("/console/budgets");
  put("budgets", list.map(({ username, budget }) => [username, budget?.limit, budget?.windowMs]), () => list.map(({ username, budget }) =>
    h("div", { class: "card" }, h("h3", {}, username), budget
      ? [h("div", { class: "meter", role: "meter", "aria-label": `Remaining requests of ${username}`, "aria-valuemin": 0, "aria-valuemax": budget.limit, "aria-valuenow": budget.remaining, "data-credential": username }, h("div")),
        h("p", { "data-text": username })]
      : h("p", { class: "quiet" }, "no rate limit"))));
  for (const { username, budget } of list.filter(item => item.budget)) {
    const meter = document.querySelector(`[data-credential="${CSS.escape(username)}"]`);
    meter.setAttribute("aria-valuenow", budget.remaining);
    meter.classList.toggle("low", budget.remaining <= budget.limit / 10);
    meter.firstChild.style.width = `${100 * budget.remaining / budget.limit}%`;
    const ends = budget.endsInMs === null ? "the window begins with the next request" : `refills in ${(budget.endsInMs / 1000).toFixed(1)} s`;
    document.querySelector(`[data-text="${CSS.escape(username)}"]`).textContent = `${budget.remaining} of ${budget.limit} left in ${budget.windowMs / 1000} s; ${ends}`;
  }
}

async function faults() {
  put("faults", await get("/faults"), list => list.map(({ fault, met, happened }) => {
    const { id, ...rest } = fault;
    const set = Object.entries(rest).filter(([, value]) => value !== null && value !== false && value !== 0 && JSON.stringify(value) !== "{}");
    return h("div", { class: "card" }, h("h3", {}, id), h("p", { class: "mono" }, set.map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`).join(", ")),
      h("p", {}, `matched ${met}, applied ${happened} `, h("button", { type: "button", "aria-label": `Remove ${id}`, click: () => run("DELETE", `/faults/${encodeURIComponent(id)}`) }, "Remove")));
  }));
}

async function clock() {
  const { now, frozen } = await get("/clock");
  $("now").textContent = now;
  $("frozen").textContent = frozen ? "stopped" : "runs";
}

async function webhooks() {
  const { webhooks, deliveries } = await get("/console/webhooks");
  put("webhooks", webhooks, list => list.length ? list.map(hook => h("div", { class: "card" }, h("h3", {}, `${hook.method.toUpperCase()} ${hook.url}`),
    h("p", {}, `${hook.product} / ${hook.config} / ${hook.environment} · signed with ${hook.keys} ${hook.keys === 1 ? "key" : "keys"}`))) : [h("p", {}, "none")]);
  put("deliveries", deliveries, list => list.length ? [...list].reverse().map(call => h("div", { class: "card" },
    h("h3", {}, `${call.method} ${call.url}`),
    h("p", {}, h("span", { class: call.error ? "s5" : "s2" }, call.error ?? String(call.status)), ` · ${call.attempts} ${call.attempts === 1 ? "attempt" : "attempts"} · ${time(call.timestamp * 1000)}`),
    h("p", { class: "mono" }, `id ${call.id}`), h("p", { class: "mono" }, `signature ${call.signature || "none"}`),
    h("details", {}, h("summary", {}, "Body"), h("pre", { tabindex: 0, "aria-label": "Body" }, call.body)))) : [h("p", {}, "none")]);
}

async function requests() {
  put("requests", await get("/console/change-requests"), list => list.length ? list.map(request => h("div", { class: "card" },
    h("h3", {}, `#${request.changeRequestId} ${request.title} `, h("span", { class: "mark" }, request.status)),
    h("p", {}, `${request.product} / ${request.config} / ${request.environment} · by ${request.creator}, ${time(request.createdAt)}`, request.applyAt && ` · scheduled for ${time(request.applyAt)}`),
    request.reason && h("p", {}, `Reason: ${request.reason}`),
    h("ul", {}, request.proposals.map(item => h("li", {}, `${item.flag ?? item.settingId}: `, chip(shown(item.from.value)), item.from.rules ? ` ${item.from.rules} rules` : "", " → ", chip(shown(item.to.value)), item.to.rules ? ` ${item.to.rules} rules` : ""))),
    request.approvals.map(item => h("p", {}, `approved by ${item.by}, ${time(item.at)}`)),
    request.issues.map(item => h("p", { class: "s4" }, `${words(item.type)}: ${item.details}`)),
    request.comments.map(item => h("p", { class: "quiet" }, `${item.by}, ${time(item.at)}: ${item.body}`)))) : [h("p", {}, "none")]);
}

/** Sends a request, and shows its error. */
async function run(method, path, body) {
  try {
    say("");
    await admin(method, path, body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
    refresh(true);
    return true;
  } catch (error) { say(error.message); return false; }
}

function submit(id, send) {
  $(id).onsubmit = event => {
    event.preventDefault();
    send(new FormData($(id)), $(id));
  };
}

async function download(path, name) {
  try {
    const url = URL.createObjectURL(await (await admin("GET", path)).blob());
    h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  } catch (error) { say(error.message); }
}

export function openPanels() {
  const numbers = ["skip", "times", "probability", "seed", "status", "retryAfter", "delayMs", "cutBodyAt"];
  submit("fault", data => {
    const fault = {};
    for (const [name, value] of data) if (value !== "") fault[name] = name === "badJson" ? true : numbers.includes(name) ? Number(value) : value;
    run("POST", "/faults", fault);
  });
  $("no-faults").onclick = () => run("DELETE", "/faults");
  submit("freeze", data => run("POST", "/clock/freeze", data.get("at") ? { at: new Date(data.get("at") + "Z").toISOString() } : {}));
  $("resume").onclick = () => run("POST", "/clock/resume");
  submit("advance", data => run("POST", "/clock/advance", { seconds: Number(data.get("seconds")) }));
  submit("seed", async (data, form) => { if (await run("POST", "/seed", data.get("seed"))) form.reset(); });
  $("save-snapshot").onclick = () => download("/snapshot", "snapshot.json");
  $("save-seed").onclick = () => download("/seed", "seed.json");
  $("snapshot").onchange = async () => {
    const [file] = $("snapshot").files;
    if (file && await run("PUT", "/snapshot", await file.text())) $("snapshot").value = "";
  };
  $("reset").onclick = () => confirm("Reset the state to the seed, and clear faults and journal?") && run("POST", "/reset");
  setInterval(refresh, 1000);
}
