'use strict';
(() => {
  const body = document.querySelector('tbody'), rows = [...body.rows], count = document.getElementById('count');
  const text = document.getElementById('filter'), grade = document.getElementById('grade');
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const r of rows) {
      const t = r.textContent.toLowerCase();
      const show = words.every(w => t.includes(w)) && (!grade.value || r.dataset.grade === grade.value);
      r.hidden = !show;
      n += show;
    }
    count.textContent = n === rows.length ? n : `${n} / ${rows.length}`;
  };
  text.addEventListener('input', apply);
  grade.addEventListener('change', apply);
  document.querySelectorAll('th button').forEach((b, i) => b.addEventListener('click', () => {
    const th = b.parentElement, down = th.getAttribute('aria-sort') === 'descending';
    document.querySelectorAll('th').forEach(x => x.removeAttribute('aria-sort'));
    th.setAttribute('aria-sort', down ? 'ascending' : 'descending');
    const key = r => r.cells[i].dataset.v ?? r.cells[i].textContent.trim();
    const sign = down ? 1 : -1;
    rows.sort((x, y) => {
      const a = key(x), c = key(y), n = Number(a) - Number(c);
      return sign * (Number.isNaN(n) ? a.localeCompare(c) : n);
    });
    body.append(...rows);
  }));
})();
