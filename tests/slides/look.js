// What a test needs to know about the slide that is shown now; run by checks.py.
() => {
  const slide = Reveal.getCurrentSlide();
  const frame = slide.getBoundingClientRect();
  const found = {overflow: [], pictures: [], words: [], heading: [], texts: []};
  const close = 1.5;
  const opacity = element => {
    let value = 1;
    for (let e = element; e && e !== document; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.visibility === 'hidden' || style.display === 'none') return 0;
      value *= Number(style.opacity);
    }
    return value;
  };
  const outside = (inner, outer) => inner.left < outer.left - close || inner.top < outer.top - close
    || inner.right > outer.right + close || inner.bottom > outer.bottom + close;
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) found.overflow.push('the page scrolls');
  const sight = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
  for (const element of [slide, ...slide.querySelectorAll('*')]) {
    if (element.closest('aside.notes') || opacity(element) === 0) continue;
    if (!element.closest('svg') && getComputedStyle(element).overflow !== 'visible'
        && (element.scrollWidth > element.clientWidth + close || element.scrollHeight > element.clientHeight + close))
      found.overflow.push(`<${element.localName}> holds more than it shows`);
    const box = element.getBoundingClientRect();
    if (box.width && box.height && (outside(box, frame) || outside(box, sight)))
      found.overflow.push(`<${element.localName}> reaches out of the slide`);
  }
  for (const image of slide.querySelectorAll('img')) {
    if (!image.complete || !image.naturalWidth) found.pictures.push(`${image.getAttribute('src')} did not load`);
    if (!image.alt.trim()) found.words.push(`${image.getAttribute('src')} has no alternative text`);
  }
  for (const svg of slide.querySelectorAll('svg')) {
    if (!svg.getBoundingClientRect().width) found.pictures.push('a drawing has no size');
    if (!(svg.getAttribute('aria-label') || '').trim()) found.words.push('a drawing has no alternative text');
  }
  const heading = slide.querySelector('h1');
  if (!heading || !heading.innerText.trim() || opacity(heading) === 0) found.heading.push('no heading is shown');
  const walker = document.createTreeWalker(document.querySelector('.reveal'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || element.closest('aside.notes, script, style, metadata, title, .aria-status')) continue;
    if (element.closest('.slides') && !slide.contains(element)) continue;
    const visible = opacity(element);
    if (visible === 0) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(element);
    const svg = element.closest('svg');
    const scale = svg ? Math.hypot(element.getScreenCTM().a, element.getScreenCTM().b)
                      : slide.contains(element) ? Reveal.getScale() : 1;
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      const empty = 0.16 * box.height;  // above the letters and below them
      const words = node.data.trim().slice(0, 40);
      if (svg && outside(box, svg.getBoundingClientRect())) found.overflow.push(`"${words}" leaves its drawing`);
      if (slide.contains(element) && outside(box, frame)) found.overflow.push(`"${words}" leaves the slide`);
      found.texts.push({
        words,
        opacity: visible,
        size: parseFloat(style.fontSize) * scale,
        colour: svg ? style.fill : style.color,
        box: [box.left, box.top + empty, box.right, box.bottom - empty],
      });
    }
  }
  found.texts.forEach((one, index) => {
    for (const other of found.texts.slice(index + 1)) {
      const wide = Math.min(one.box[2], other.box[2]) - Math.max(one.box[0], other.box[0]);
      const high = Math.min(one.box[3], other.box[3]) - Math.max(one.box[1], other.box[1]);
      if (wide > 2 && high > 2)
        found.overflow.push(`"${one.words}" and "${other.words}" cover one another`);
    }
  });
  const drawn = slide.getAttribute('data-background-image');
  return {...found, background: drawn, lang: root.lang, role: document.querySelector('.reveal').getAttribute('role')};
}
