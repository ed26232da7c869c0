import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from '../errors';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** What an element holds: text, elements by name, or, in an array, one element for each item; `undefined` leaves it out. */
export type XmlContent =
  string | number | boolean | undefined | readonly XmlContent[] | { readonly [name: string]: XmlContent };

/** Renders an element, or none for `undefined`, or several for an array. */
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

/** Renders a document in S3's namespace; a string is taken as the root's content, already rendered. */
export function renderDocument(rootName: string, content: string | Readonly<Record<string, XmlContent>>): string {
  const inner =
    typeof content === 'string'
      ? content
      : Object.entries(content)
          .map(([name, child]) => renderElement(name, child))
          .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${rootName} xmlns="${namespace}">${inner}</${rootName}>`;
}

/** Renders an error, which S3 puts in no namespace. */
export function renderError(details: Readonly<Record<string, string>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement('Error', details)}`;
}

// Array.isArray does not narrow a readonly array.
function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  // A parser would turn a bare line end into another one, and other control characters need a reference as well.
  // eslint-disable-next-line no-control-regex -- keys may hold control characters
  return text.replace(/[&<>"\u0000-\u001f\u007f\u0085\u2028]/g, (character) => {
    return escapes[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
  });
}

/** An element of a request's XML: its attributes and namespaces are dropped. */
export class XmlElement {
  constructor(
    readonly name: string,
    readonly text: string,
    readonly children: readonly XmlElement[],
  ) {}

  /** The children of that name, in their order. */
  all(name: string): readonly XmlElement[] {
    return this.children.filter((child) => child.name === name);
  }

  /** The text of the first child of that name. */
  textOf(name: string): string | undefined {
    return this.children.find((child) => child.name === name)?.text;
  }
}

// Entities are decoded below: the parser would also expand a document's own.
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
 * @throws S3Error MalformedXML when it is not well-formed, has another root or an entity of its own.
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
    // Elements nested too deep, or with a name that is JavaScript's own.
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
