(() => {
  // everything is read from the page: names that are masked there are masked here
  const start = "overview";
  const mostDrawn = 300;
  const pages = [...document.querySelectorAll("section.page")];
  const byId = new Map(pages.map(page => [page.id, page]));
  const decode = hash => { try { return decodeURIComponent(hash); } catch { return hash; } };
  const target = link => decode(link.getAttribute("href").slice(1));
  const tree = document.getElementById("tree");
  const leaves = new Map([...tree.querySelectorAll("a")].map(link => [target(link), link]));
  const groups = [...tree.querySelectorAll("details")].map(branch => branch.dataset.group);
  document.documentElement.classList.add("js");

  // ---- one section at a time
  let shown = null;
  let current = null;
  const show = () => {
    const page = byId.get(decode(location.hash.slice(1))) ?? byId.get(start);
    if (page === shown) return;
    shown?.classList.remove("shown");
    current?.removeAttribute("aria-current");
    shown = page;
    page.classList.add("shown");
    current = leaves.get(page.id);
    if (current) {
      current.setAttribute("aria-current", "page");
      current.closest("details").open = true;
      current.scrollIntoView({ block: "nearest" });
    }
    const project = document.querySelector("header h1").textContent;
    document.title = page.dataset.name ? `${page.dataset.name} - ${project}` : `${project}: documentation`;
    const place = page.querySelector(".lineage");
    if (place && !place.firstChild) lineage(place);
    window.scrollTo(0, 0);
  };

  // ---- search
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  let index = null;
  const entries = () => index ??= pages.filter(page => page.dataset.name).map(page => ({
    page,
    name: page.dataset.name.toLowerCase(),
    columns: [...page.querySelectorAll(".column")].map(column => column.textContent),
    tags: [...(page.dataset.tags ?? "").split(" "), ...[...page.querySelectorAll(".badge.tag")].map(tag => tag.textContent)].filter(Boolean),
    text: [...page.querySelectorAll(".description, .columns .text")].map(part => part.textContent).join("\n"),
  }));
  const match = (entry, word) => {
    if (entry.name === word) return [0, ""];
    if (entry.name.startsWith(word)) return [1, ""];
    if (entry.name.includes(word)) return [2, ""];
    const column = entry.columns.find(one => one.toLowerCase().includes(word));
    if (column) return [3, `column ${column}`];
    const tag = entry.tags.find(one => one.toLowerCase().includes(word));
    if (tag) return [4, `tag ${tag}`];
    const at = entry.text.toLowerCase().indexOf(word);
    return at < 0 ? null : [5, `... ${entry.text.slice(Math.max(0, at - 20), at + 50).replace(/\s+/g, " ")} ...`];
  };
  const search = () => {
    const words = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    found.hidden = words.length === 0;
    tree.hidden = words.length > 0;
    if (words.length === 0) return;
    const hits = [];
    for (const entry of entries()) {
      const matches = words.map(word => match(entry, word));
      if (matches.includes(null)) continue;
      const worst = matches.reduce((a, b) => b[0] > a[0] ? b : a);
      hits.push({ entry, rank: worst[0], why: worst[1] });
    }
    hits.sort((a, b) => a.rank - b.rank || (a.entry.name < b.entry.name ? -1 : 1));
    found.replaceChildren(...hits.slice(0, 80).map(hit => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = "#" + encodeURIComponent(hit.entry.page.id);
      link.textContent = hit.entry.page.dataset.name;
      const why = document.createElement("span");
      why.className = "quiet";
      why.textContent = [hit.entry.page.dataset.kind, hit.why].filter(Boolean).join(", ");
      item.append(link, why);
      return item;
    }));
    if (hits.length !== 0 && hits.length <= 80) return;
    const rest = document.createElement("li");
    rest.className = "quiet";
    rest.textContent = hits.length === 0 ? "nothing matches" : `and ${hits.length - 80} more`;
    found.append(rest);
  };
  find.addEventListener("input", search);
  find.addEventListener("keydown", event => {
    if (event.key === "Escape") { find.value = ""; search(); }
    if (event.key === "Enter") { const first = found.querySelector("a"); if (first) location.hash = first.getAttribute("href"); }
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "/" || event.target.matches("input, textarea")) return;
    event.preventDefault();
    find.focus();
  });

  // ---- lineage
  let nodes = null;
  const graph = () => {
    if (nodes) return nodes;
    nodes = new Map();
    for (const page of pages)
      if (page.dataset.name && page.dataset.kind !== "macro")
        nodes.set(page.id, { id: page.id, name: page.dataset.name, kind: page.dataset.kind, group: page.dataset.group, parents: [], children: [] });
    for (const node of nodes.values())
      for (const link of byId.get(node.id).querySelectorAll(".parents a")) {
        const parent = nodes.get(target(link));
        if (!parent) continue;
        node.parents.push(parent);
        parent.children.push(node);
      }
    return nodes;
  };

  // what is around a node, as far as a drawing can hold it
  const around = (node, steps) => {
    const kept = new Set([node]);
    let isWhole = true;
    const walk = next => {
      let edge = [node];
      const seen = new Set(edge);
      for (let step = 0; edge.length > 0; step++) {
        const more = [...new Set(edge.flatMap(one => one[next]))].filter(one => !seen.has(one));
        if (more.length === 0) return;
        if (step === steps || kept.size + more.length > mostDrawn) { isWhole = false; return; }
        for (const one of more) { seen.add(one); kept.add(one); }
        edge = more;
      }
    };
    walk("parents");
    walk("children");
    return { kept, isWhole };
  };

  const shorten = name => name.length > 34 ? `${name.slice(0, 20)}\u2026${name.slice(-13)}` : name;

  // columns by the longest way; by layer, every column of a layer stands right of those of the layers before it
  const rank = (kept, isByGroup) => {
    const ranks = new Map();
    const order = [];
    const visit = node => {
      if (ranks.has(node)) return;
      ranks.set(node, 0);
      for (const parent of node.parents) if (kept.has(parent)) visit(parent);
      order.push(node);
    };
    for (const node of kept) visit(node);
    const set = floor => {
      for (const node of order)
        ranks.set(node, Math.max(floor(node), ...node.parents.filter(one => kept.has(one)).map(one => ranks.get(one) + 1)));
    };
    set(() => 0);
    if (isByGroup) {
      const floors = new Map();
      for (const group of groups) {
        // what reads nothing stands at the beginning, be it sources or seeds
        if (order.every(node => node.group !== group || node.parents.length === 0)) { floors.set(group, 0); continue; }
        let most = -1;
        for (const node of order) if (floors.has(node.group)) most = Math.max(most, ranks.get(node));
        floors.set(group, most + 1);
        set(node => floors.get(node.group) ?? 0);
      }
    } else {
      for (const node of [...order].reverse()) {
        const below = node.children.filter(one => kept.has(one)).map(one => ranks.get(one));
        if (below.length > 0 && !node.parents.some(one => kept.has(one))) ranks.set(node, Math.min(...below) - 1);
      }
    }
    const least = Math.min(...ranks.values());
    for (const [node, value] of ranks) ranks.set(node, value - least);
    return ranks;
  };

  const layout = (kept, isByGroup) => {
    const ranks = rank(kept, isByGroup);
    const columns = [];
    const put = (cell, at) => (columns[at] ??= []).push(cell);
    const cells = new Map();
    for (const node of kept) {
      const label = shorten(node.name);
      const cell = { node, label, width: label.length * 7.25 + 28, height: 28, ins: [], outs: [] };
      cells.set(node, cell);
      put(cell, ranks.get(node));
    }
    const routes = [];
    for (const node of kept)
      for (const parent of node.parents) {
        if (!kept.has(parent)) continue;
        const route = [cells.get(parent)];
        for (let at = ranks.get(parent) + 1; at < ranks.get(node); at++) {
          const bend = { width: 0, height: 6, ins: [], outs: [] };
          put(bend, at);
          route.push(bend);
        }
        route.push(cells.get(node));
        for (let i = 1; i < route.length; i++) { route[i - 1].outs.push(route[i]); route[i].ins.push(route[i - 1]); }
        routes.push(route);
      }
    for (let at = 0; at < columns.length; at++) columns[at] ??= [];
    const number = () => columns.forEach(column => column.forEach((cell, at) => cell.at = at));
    const mean = (some, of, or) => some.length === 0 ? or : some.reduce((sum, one) => sum + of(one), 0) / some.length;
    number();
    for (let sweep = 0; sweep < 12; sweep++) {
      const side = sweep % 2 === 0 ? "ins" : "outs";
      for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
        for (const cell of column) cell.want = mean(cell[side], one => one.at, cell.at);
        column.sort((a, b) => a.want - b.want);
        column.forEach((cell, at) => cell.at = at);
      }
    }
    const gap = 12;
    for (const column of columns) {
      let y = 0;
      for (const cell of column) { cell.y = y + cell.height / 2; y += cell.height + gap; }
    }
    // towards what they are joined with, in order and without touching
    for (let sweep = 0; sweep < 16; sweep++) {
      const side = sweep % 2 === 0 ? "ins" : "outs";
      for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
        const wants = column.map(cell => mean(cell[side], one => one.y, cell.y));
        let least = -Infinity;
        const ys = column.map((cell, i) => {
          const y = Math.max(wants[i], least + cell.height / 2);
          least = y + cell.height / 2 + gap;
          return y;
        });
        const shift = mean(ys.map((y, i) => y - wants[i]), one => one, 0);
        column.forEach((cell, i) => cell.y = ys[i] - shift);
      }
    }
    const all = columns.flat();
    const top = Math.min(...all.map(cell => cell.y - cell.height / 2));
    let x = 0;
    for (const column of columns) {
      const width = Math.max(24, ...column.map(cell => cell.width));
      for (const cell of column) { cell.x = x; cell.y -= top; cell.right = x + (cell.node ? cell.width : width); }
      column.x = x;
      x += width + 36;
    }
    return { columns, cells, routes, width: x - 36, height: Math.max(...all.map(cell => cell.y + cell.height / 2)) };
  };

  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const colour = group => `g${Math.max(0, groups.indexOf(group)) % 8}`;

  const draw = (kept, here) => {
    const { columns, cells, routes, width, height } = layout(kept, !here);
    const pad = 16;
    const head = here ? 0 : 22;
    const drawing = svg("svg", {
      width: width + 2 * pad, height: height + 2 * pad + head, viewBox: `${-pad} ${-pad - head} ${width + 2 * pad} ${height + 2 * pad + head}`,
      role: "img", "aria-label": here ? `lineage of ${here.name}` : "lineage of the project",
    });
    if (!here) {
      const named = new Set();
      for (const column of columns) {
        const fresh = groups.filter(group => !named.has(group) && column.some(cell => cell.node?.group === group));
        fresh.forEach(group => named.add(group));
        drawing.append(svg("text", { class: "band", x: column.x, y: -12 }, fresh.join(", ")));
      }
    }
    const lines = new Map([...kept].map(node => [node, []]));
    for (const route of routes) {
      let path = `M${route[0].right} ${route[0].y}`;
      for (let i = 1; i < route.length; i++) {
        const [from, to] = [route[i - 1], route[i]];
        const middle = (from.right + to.x) / 2;
        path += `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
        if (!to.node) path += `L${to.right} ${to.y}`;
      }
      const line = svg("path", { d: path });
      lines.get(route[0].node).push(line);
      lines.get(route[route.length - 1].node).push(line);
      drawing.append(line);
    }
    for (const [node, cell] of cells) {
      const y = cell.y - cell.height / 2;
      const link = svg("a", { href: "#" + encodeURIComponent(node.id), class: node === here ? "here" : "" },
        svg("title", {}, `${node.name} (${node.kind}${node.group === `${node.kind}s` ? "" : `, ${node.group}`})`),
        svg("rect", { x: cell.x, y, width: cell.width, height: cell.height, rx: 5 }),
        svg("rect", { x: cell.x + 6, y: y + 6, width: 5, height: cell.height - 12, rx: 2.5, class: `mark ${colour(node.group)}` }),
        svg("text", { x: cell.x + 18, y: cell.y + 4 }, cell.label));
      const light = isOn => lines.get(node).forEach(line => line.classList.toggle("on", isOn));
      link.addEventListener("mouseenter", () => light(true));
      link.addEventListener("mouseleave", () => light(false));
      drawing.append(link);
    }
    if (here) lines.get(here).forEach(line => line.classList.add("on"));
    return { drawing, middle: here ? { x: cells.get(here).x + cells.get(here).width / 2 + pad, y: cells.get(here).y + pad } : null };
  };

  const lineage = (place, steps = 2) => {
    const here = graph().get(place.dataset.of);
    const part = here ? around(here, steps) : { kept: new Set(graph().values()), isWhole: true };
    const { drawing, middle } = draw(part.kept, here);
    const box = document.createElement("div");
    box.className = "scroll";
    box.append(drawing);
    const legend = document.createElement("div");
    legend.className = "legend";
    for (const group of groups) {
      if (![...part.kept].some(node => node.group === group)) continue;
      const item = document.createElement("span");
      item.append(svg("svg", { viewBox: "0 0 10 10" }, svg("circle", { cx: 5, cy: 5, r: 5, class: colour(group) })), group);
      legend.append(item);
    }
    if (here && (!part.isWhole || steps !== 2)) {
      const whole = around(here, Infinity);
      if (steps === 2) {
        const more = document.createElement("button");
        more.type = "button";
        more.textContent = `show all ${whole.kept.size}${whole.isWhole ? "" : "+"} nodes`;
        more.addEventListener("click", () => lineage(place, Infinity));
        legend.append(more);
      } else {
        const less = document.createElement("button");
        less.type = "button";
        less.textContent = "two steps only";
        less.addEventListener("click", () => lineage(place));
        legend.append(less);
        if (!whole.isWhole) legend.append(`there are more than ${mostDrawn} nodes: those farthest away are left out`);
      }
    }
    place.replaceChildren(legend, box);
    // a little smaller is better than a little too wide
    const wide = drawing.width.baseVal.value;
    const room = box.clientWidth;
    if (wide > room && wide < room * 1.45) {
      drawing.setAttribute("height", drawing.height.baseVal.value * room / wide);
      drawing.setAttribute("width", room);
    } else if (middle && wide > room) box.scrollLeft = middle.x - room / 2;
    if (middle) box.scrollTop = middle.y - box.clientHeight / 2;
  };

  // ---- SQL in colours, once it is looked at
  const tokens = new RegExp([
    "(?<note>--[^\\n]*|/\\*[\\s\\S]*?\\*/)", "(?<text>'(?:[^']|'')*')", "(?<template>\\{\\{[\\s\\S]*?\\}\\}|\\{%[\\s\\S]*?%\\})",
    "(?<word>\\b(?:select|distinct|from|where|group|by|having|order|limit|join|left|right|full|inner|cross|outer|lateral|on|using|union|all|except|intersect|with|recursive|as|and|or|not|in|is|null|case|when|then|else|end|between|like|ilike|exists|over|partition|rows|range|values|cast|filter|qualify|true|false|interval|asc|desc|nulls|first|last)\\b)",
  ].join("|"), "gi");
  document.addEventListener("toggle", event => {
    const code = event.target.matches?.(".sql[open]") ? event.target.querySelector("code") : null;
    if (!code || code.dataset.done || code.textContent.length > 60000) return;
    code.dataset.done = "yes";
    const text = code.textContent;
    const parts = [];
    let at = 0;
    for (const token of text.matchAll(tokens)) {
      const kind = Object.keys(token.groups).find(name => token.groups[name] !== undefined);
      const part = document.createElement("span");
      part.className = kind;
      part.textContent = token[0];
      parts.push(text.slice(at, token.index), part);
      at = token.index + token[0].length;
    }
    code.replaceChildren(...parts, text.slice(at));
  }, true);

  window.addEventListener("hashchange", show);
  show();
})();
