import { expect, test } from 'bun:test';
import { renderMarkdown } from './render-markdown.ts';

test('Markdown becomes HTML, markup in it becomes text', () => {
  expect(renderMarkdown('**fett**')).toBe('<p><strong>fett</strong></p>');
  expect(renderMarkdown('<img src=x onerror=alert(1)>')).not.toContain('<img');
  expect(renderMarkdown('<script>alert(1)</script>')).not.toContain('<script');
});

test('links lead to the web in a new tab, and never run code', () => {
  expect(renderMarkdown('[a](https://a.example)')).toBe(
    '<p><a target="_blank" rel="noopener noreferrer" href="https://a.example">a</a></p>',
  );
  expect(renderMarkdown('[a](javascript:alert(1)) [b](data:text/html,x) <javascript:alert(1)>')).not.toMatch(/href="(?:javascript|data)/u);
});

test('pictures are links, so that reading tells nobody', () => {
  const html = renderMarkdown('![Foto "x"](https://a.example/p.png "t") ![](https://a.example/q.png)');
  expect(html).not.toContain('<img');
  expect(html).toContain('href="https://a.example/p.png"');
});

test('headings stand below the heading of the page', () => {
  expect(renderMarkdown('# a\n###### b')).toBe('<h2>a</h2>\n<h6>b</h6>');
});

test('tables and task lists are shown', () => {
  expect(renderMarkdown('|a|\n|-|\n|b|')).toContain('<table>');
  expect(renderMarkdown('- [x] a\n- [ ] b')).toMatch(/☑ a[\s\S]*☐ b/u);
});
