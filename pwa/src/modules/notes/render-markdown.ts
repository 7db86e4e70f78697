import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const image = /<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? \/>/gu;
const checkbox = /<input type="checkbox" disabled=""( checked="")? \/>/gu;
const heading = /<(\/?)h([1-5])>/gu;
const webLink = /<a href="(?=https?:)/gu;

/**
 * Markdown as HTML. Markup in the text is shown as text, links lead only to http(s), mail and places in the page,
 * headings stand below the page's own, ticks are signs that every reader can say, and pictures of other servers are links: showing one would tell that server who reads the note, and when.
 */
export const renderMarkdown = (text: string): string =>
  micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: false, allowDangerousProtocol: false })
    .replaceAll(image, (_, source: string, words: string) =>
      source === '' ? words : `<a href="${source}">${words === '' ? source : words}</a>`,
    )
    .replaceAll(checkbox, (_, checked?: string) => (checked === undefined ? '☐' : '☑'))
    .replaceAll(heading, (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}>`)
    .replaceAll(webLink, '<a target="_blank" rel="noopener noreferrer" href="');
