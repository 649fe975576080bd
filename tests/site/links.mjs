// Follows the links of HTML files to other files and their anchors.

import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

/** Returns the anchors of an HTML text. */
function anchors(text) {
  return new Set([...text.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(match => match[1]));
}

/** Returns the links of pages that lead nowhere. Links that leave the site are not followed. */
export async function brokenLinks(site, pages, files) {
  const known = new Set(files);
  const read = new Map();
  const content = async file => {
    if (!read.has(file)) read.set(file, await readFile(join(site, file), "utf8"));
    return read.get(file);
  };
  const problems = [];
  for (const page of pages) {
    const text = await content(page);
    for (const [, attribute, link] of text.matchAll(/\s(href|src)="([^"]*)"/g)) {
      const url = link.replaceAll("&amp;", "&");
      if (/^[a-z]+:|^\/\//.test(url) || url === "") continue;
      // The page for unknown addresses has absolute links.
      if (url.startsWith("/") && page.endsWith("404.html")) continue;
      const [path, anchor] = url.split("?")[0].split("#");
      let file = path ? normalize(join(dirname(page), decodeURIComponent(path))) : page;
      if (path && !known.has(file)) file = normalize(join(file, "index.html"));
      if (!known.has(file)) problems.push(`${page}: ${attribute} ${url} leads nowhere`);
      else if (anchor && file.endsWith(".html") && !file.includes("/reference/rust/")) {
        if (!anchors(await content(file)).has(decodeURIComponent(anchor))) problems.push(`${page}: ${url} has no such anchor`);
      }
    }
  }
  return [...new Set(problems)];
}
