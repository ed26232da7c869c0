import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from '../errors';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An element's content: text, or elements by name. An array means one element per item; `undefined` omits the element. */
export type XmlContent =
  string | number | boolean | undefined | readonly XmlContent[] | { readonly [name: string]: XmlContent };

/** Renders an element, none for `undefined`, or several for an array. */
export function renderElement(name: string, content: XmlContent): string {
  if (content === undefined) return '';
  if (isList(content)) return content.map((item) => renderElement(name, item)).join('');
  const inner =
    typeof content === 'object'
      ? Object.entries(content)
          .map(([childName, child]) => renderElement(childName, child))
          .join('')
      : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** Renders a document in S3's namespace. A string is the root's rendered content. */
export function renderDocument(rootName: string, content: string | Readonly<Record<string, XmlContent>>): string {
  const inner =
    typeof content === 'string'
      ? content
      : Object.entries(content)
          .map(([name, child]) => renderElement(name, child))
          .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${rootName} xmlns="${namespace}">${inner}</${rootName}>`;
}

/** Renders an error, which has no namespace. */
export function renderError(details: Readonly<Record<string, string>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement('Error', details)}`;
}

// Array.isArray does not narrow a readonly array.
function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  // Parsers normalize line ends, and other control characters also need a reference.
  // eslint-disable-next-line no-control-regex -- keys may hold control characters
  return text.replace(/[&<>"\u0000-\u001f\u007f\u0085\u2028]/g, (character) => {
    return escapes[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
  });
}

/** An element of a request's XML, without attributes and namespaces. */
export class XmlElement {
  constructor(
    readonly name: string,
    readonly text: string,
    readonly children: readonly XmlElement[],
  ) {}

  /** All children with a name, in order. */
  all(name: string): readonly XmlElement[] {
    return this.children.filter((child) => child.name === name);
  }

  /** The text of the first child with a name. */
  textOf(name: string): string | undefined {
    return this.children.find((child) => child.name === name)?.text;
  }
}

// Entities are decoded below, because the parser would also expand entities that the document defines.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '#cdata',
  ignoreDeclaration: true,
  ignorePiTags: true,
});

type ParsedNode = Readonly<Record<string, string | readonly ParsedNode[]>>;

/**
 * Parses a request's XML.
 * @throws S3Error MalformedXML if it is not well-formed, has another root, or uses an undefined entity.
 */
export function parseXml(body: Buffer, rootName: string): XmlElement {
  const xml = body.toString('utf8');
  if (XMLValidator.validate(xml) !== true) throw new S3Error('MalformedXML');
  const [root] = parseNodes(xml).flatMap(toElements);
  if (root?.name !== rootName) throw new S3Error('MalformedXML');
  return root;
}

function parseNodes(xml: string): readonly ParsedNode[] {
  try {
    return parser.parse(xml) as readonly ParsedNode[];
  } catch {
    // Elements are nested too deeply, or an element has a reserved name of JavaScript.
    throw new S3Error('MalformedXML');
  }
}

function toElements(node: ParsedNode): readonly XmlElement[] {
  return Object.entries(node).flatMap(([name, content]) => {
    if (typeof content === 'string' || name === '#cdata') return [];
    return [new XmlElement(name, content.map(textOfNode).join(''), content.flatMap(toElements))];
  });
}

function textOfNode(node: ParsedNode): string {
  const { '#text': text, '#cdata': cdata } = node;
  if (typeof text === 'string') return decodeEntities(text);
  if (typeof cdata === 'object') return cdata.map(({ '#text': raw }) => (typeof raw === 'string' ? raw : '')).join('');
  return '';
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeEntities(text: string): string {
  return text.replace(/&([^;]*);?/g, (_, name: string) => {
    const hex = /^#x([0-9a-f]{1,6})$/i.exec(name)?.[1];
    const decimal = /^#([0-9]{1,7})$/.exec(name)?.[1];
    const codePoint = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    if (codePoint > 0 && codePoint <= 0x10ffff) return String.fromCodePoint(codePoint);
    const character = entities.get(name);
    if (character === undefined) throw new S3Error('MalformedXML');
    return character;
  });
}
