(() => {
  const find = document.getElementById("find");
  const switches = [...document.querySelectorAll("input[data-status]")];
  const nodes = [...document.querySelectorAll(".node")];
  const none = document.getElementById("none");
  const apply = () => {
    const text = find.value.trim().toLowerCase();
    const wanted = new Set(switches.filter(s => s.checked).map(s => s.dataset.status));
    let shown = 0;
    for (const node of nodes) {
      const named = node.dataset.text.includes(text);
      let tests = 0;
      for (const test of node.querySelectorAll(".test")) {
        const matches = (named || test.dataset.text.includes(text)) && wanted.has(test.dataset.status);
        test.hidden = !matches;
        tests += matches ? 1 : 0;
      }
      node.hidden = tests === 0 && !(named && wanted.has(node.dataset.status));
      if (text && tests > 0) node.open = true;
      shown += node.hidden ? 0 : 1;
    }
    none.hidden = shown > 0;
  };
  find.addEventListener("input", apply);
  for (const s of switches) s.addEventListener("change", apply);
})();
