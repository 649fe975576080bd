// The grid: only the rows that are seen are in the page.
import { $, get, h, say, show, time } from "./console.js";
import { ruleTree, shown } from "./panels.js";

const ROW = 46, MARGIN = 8;
let products = [], config = null, environments = [], flags = [], visible = [], byId = new Map();
const rows = new Map();
let active = { row: 0, column: 1 };

export async function openGrid(overview) {
  products = overview.products;
  listConfigs();
  $("config").onchange = () => load($("config").value);
  $("find").oninput = $("differs").onchange = () => { filter(); draw(true); };
  $("grid").onscroll = () => requestAnimationFrame(() => draw(false));
  $("grid").onkeydown = key;
  new ResizeObserver(() => draw(false)).observe($("grid"));
  const wanted = new URLSearchParams(location.hash.slice(1)).get("config");
  const ids = products.flatMap(product => product.configs.map(config => config.configId));
  await load(ids.includes(wanted) ? wanted : ids[0]);
}

function listConfigs() {
  $("config").replaceChildren(...products.map(product =>
    h("optgroup", { label: `${product.organization} / ${product.name}` }, product.configs.map(config =>
      h("option", { value: config.configId }, `${product.name} / ${config.name} (${config.version})`)))));
  if (config) $("config").value = config;
}

async function load(id) {
  if (!id) { [environments, flags] = [[], []]; config = null; filter(); drawHead(); draw(true); return; }
  const loaded = await get(`/console/grid/${id}`);
  if (config !== id) {
    config = id;
    history.replaceState(null, "", "#config=" + id);
    active = { row: 0, column: 1 };
    $("grid").scrollTop = 0;
  }
  $("config").value = id;
  ({ environments, flags } = loaded);
  byId = new Map(flags.map(flag => [flag.id, flag]));
  filter();
  drawHead();
  draw(true);
}

let pending = new Set(), everything = false, busy = false;

/** Reads flags again that were changed; null means all. One request at a time, however many changes there are. */
export async function onChanged(ids) {
  if (ids === null) everything = true;
  else ids.forEach(id => pending.add(id));
  if (busy || !(everything || pending.size)) return;
  busy = true;
  try {
    while (everything || pending.size) {
      const all = everything, some = [...pending];
      everything = false;
      pending = new Set();
      if (all) await reload();
      else if (config) await update(some);
    }
  } catch (error) { say(error.message); } finally { busy = false; }
}

async function reload() {
  products = (await get("/console")).products;
  const ids = products.flatMap(product => product.configs.map(config => config.configId));
  const wanted = ids.includes(config) ? config : ids[0];
  await load(wanted);
  listConfigs();
}

async function update(ids) {
  const { flags: fresh } = await get(`/console/grid/${config}?flags=${ids.join(",")}`);
  const found = new Map(fresh.map(flag => [flag.id, flag]));
  let order = false;
  for (const id of ids) {
    const old = byId.get(id), flag = found.get(id);
    if (flag && old) {
      flag.changed = flag.cells.map((cell, at) => JSON.stringify(cell) !== JSON.stringify(old.cells[at]));
      Object.assign(old, flag);
    } else if (flag || old) order = true;
  }
  // New flags have their place in the list from the server only.
  if (order) return load(config);
  filter();
  draw(true);
  for (const id of ids) delete byId.get(id)?.changed;
}

function filter() {
  const text = $("find").value.trim().toLowerCase();
  const differs = $("differs").checked;
  visible = flags.filter(flag =>
    (!text || flag.key.toLowerCase().includes(text) || flag.name.toLowerCase().includes(text))
    && (!differs || new Set(flag.cells.map(cell => JSON.stringify([cell?.value, cell?.rules, cell?.percentages]))).size > 1));
  const all = `${flags.length} flags`;
  const count = visible.length === flags.length ? all : `${visible.length} of ${all}`;
  if ($("count").textContent !== count) $("count").textContent = count;
  active.row = Math.max(0, Math.min(active.row, visible.length - 1));
}

function drawHead() {
  const columns = `minmax(170px, 1.3fr) ${environments.map(() => "minmax(150px, 1fr)").join(" ")}`;
  const grid = $("grid");
  grid.style.setProperty("--columns", columns);
  grid.style.setProperty("--width", `${170 + environments.length * 150}px`);
  grid.setAttribute("aria-colcount", environments.length + 1);
  $("head").replaceChildren(
    h("div", { role: "columnheader", "aria-colindex": 1 }, "Flag"),
    ...environments.map((environment, at) => h("div", { role: "columnheader", "aria-colindex": at + 2 }, environment.name,
      environment.approveRequired && h("span", { class: "quiet" }, " approval"),
      !environment.approveRequired && environment.reasonRequired && h("span", { class: "quiet" }, " reason"))));
}

function draw(again) {
  const grid = $("grid");
  $("rows").style.height = visible.length * ROW + "px";
  grid.setAttribute("aria-rowcount", visible.length + 1);
  const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - MARGIN);
  const last = Math.min(visible.length, Math.ceil((grid.scrollTop + grid.clientHeight) / ROW) + MARGIN);
  for (const [at, row] of rows) {
    if (again || at < first || at >= last) { row.remove(); rows.delete(at); }
  }
  const fresh = document.createDocumentFragment();
  for (let at = first; at < last; at++) {
    if (rows.has(at)) continue;
    const row = drawRow(visible[at], at);
    rows.set(at, row);
    fresh.append(row);
  }
  $("rows").append(fresh);
  mark();
}

function drawRow(flag, at) {
  const row = h("div", { role: "row", "aria-rowindex": at + 2 },
    h("div", { role: "rowheader", "aria-colindex": 1, title: flag.key }, flag.key, h("small", {}, `${flag.name} · ${flag.type}`)),
    flag.cells.map((cell, column) => drawCell(flag, cell, at, column)));
  row.style.transform = `translateY(${at * ROW}px)`;
  return row;
}

function drawCell(flag, cell, at, column) {
  const environment = environments[column]?.name;
  const rules = cell?.rules ? `${cell.rules} ${cell.rules === 1 ? "rule" : "rules"}` : "";
  const marks = [rules, cell?.percentages && "%"].filter(Boolean).join(" ");
  const by = cell?.by ? `${cell.by} · ${time(cell.at)}` : "";
  return h("div", {
    role: "gridcell", id: `cell-${at}-${column + 1}`, "aria-colindex": column + 2, "data-flag": flag.key, "data-environment": environment,
    class: flag.changed?.[column] ? "flash" : null, click: () => { active = { row: at, column: column + 1 }; mark(); open(flag, environment); },
  }, h("span", { class: `value ${cell?.value}` }, shown(cell?.value)), marks && h("span", { class: "rules" }, " " + marks), h("small", {}, by));
}

/** Marks the cell that the keyboard is at. */
function mark() {
  for (const cell of document.querySelectorAll(".active")) cell.classList.remove("active");
  const cell = $(`cell-${active.row}-${active.column}`);
  cell?.classList.add("active");
  if (cell) $("grid").setAttribute("aria-activedescendant", cell.id);
  else $("grid").removeAttribute("aria-activedescendant");
}

function key(event) {
  const page = Math.max(1, Math.floor($("grid").clientHeight / ROW) - 2);
  const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page, 0], PageUp: [-page, 0],
    Home: [-visible.length, 0], End: [visible.length, 0] };
  const step = steps[event.key];
  if (event.key === "Enter" && visible[active.row]) {
    event.preventDefault();
    return open(visible[active.row], environments[active.column - 1]?.name);
  }
  if (!step) return;
  event.preventDefault();
  active.row = Math.max(0, Math.min(visible.length - 1, active.row + step[0]));
  active.column = Math.max(1, Math.min(environments.length, active.column + step[1]));
  const grid = $("grid"), top = active.row * ROW, head = $("head").offsetHeight;
  if (top < grid.scrollTop) grid.scrollTop = top;
  if (top + ROW + head > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + ROW + head - grid.clientHeight;
  draw(false);
  $(`cell-${active.row}-${active.column}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

async function open(flag, environment) {
  try {
    const detail = await get(`/console/flags/${flag.id}`);
    const values = detail.values.filter(value => value.environment === environment)
      .concat(detail.values.filter(value => value.environment !== environment));
    show(`${detail.config} / ${detail.key}`, h("p", { class: "quiet" }, `${detail.name} · ${detail.type}`, detail.hint ? ` · ${detail.hint}` : ""),
      ...values.map(value => h("section", {}, h("h3", {}, value.environment),
        value.by && h("p", { class: "quiet" }, `last changed by ${value.by}, ${time(value.at)}`), ruleTree(value.content, detail))),
      h("h3", {}, "Last changes"),
      detail.history.length ? h("table", {}, h("tbody", {}, detail.history.map(entry => h("tr", {}, h("td", {}, time(entry.at)), h("td", {}, entry.by),
        h("td", {}, entry.place), h("td", {}, entry.details, entry.why ? ` Reason: ${entry.why}` : ""))))) : h("p", {}, "none"));
  } catch (error) { say(error.message); }
}
