import { widthOf, wrap } from './text';

/** A column of text that is narrower is hard to read. Its text goes below instead. */
const leastColumn = 24;
const indentBelow = 4;

/** A line with a name and, after two or more spaces, a text: of a table, or of a list of options. */
const namedLine = /^(\s*)(\S.*?)( {2,})(\S.*)$/;
/** A line to copy into a shell. It is never broken. */
const command = /^(npm|npx|aws|export|live-photos|[A-Z][A-Z0-9_]*=)\b/;

interface Block {
  readonly indent: number;
  /** The name in front of the text. */
  readonly name?: string;
  /** The column at which the text starts. */
  readonly column: number;
  text: string;
  /** The line as it was written, if the block has only this line. */
  whole: string | undefined;
}

/**
 * Breaks the lines of an output for a terminal. All output for people passes through here, so that nothing else has to know the
 * width. Paragraphs that were broken for a wider terminal are joined first. Words, commands and text in backquotes stay whole, so that
 * they can be copied.
 * @param width default: no limit.
 */
export function fit(text: string, width = Infinity): string {
  const lines = text.split('\n');
  const widest = Math.max(...lines.map(widthOf));
  if (widest <= width) return text;
  const blocks: Block[] = [];
  for (const [at, line] of lines.entries()) {
    const last = blocks.at(-1);
    const isFull = widthOf(`${lines[at - 1] ?? ''} ${/\S+/.exec(line)?.[0] ?? ''}`) > widest - 20;
    if (last !== undefined && isContinued(last, line, isFull)) {
      last.text += ` ${line.trim()}`;
      last.whole = undefined;
    } else blocks.push(blockOf(line, last));
  }
  return blocks.flatMap((block) => render(block, width)).join('\n');
}

function blockOf(line: string, last: Block | undefined): Block {
  const [, space = '', name = '', gap = '', text = ''] = namedLine.exec(line) ?? [];
  if (name !== '') {
    const column = widthOf(`${space}${name}${gap}`);
    return { indent: space.length, name, column, text, whole: line };
  }
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  // A further text of the same row starts at the same column.
  const isBelow = indent > 0 && indent === last?.column && last.indent < indent;
  return { indent: isBelow ? last.indent : indent, column: indent, text: line.trim(), whole: line };
}

/** Whether a line continues the paragraph or the text of the block before. */
function isContinued(last: Block, line: string, isFull: boolean): boolean {
  const text = line.trim();
  if (text === '' || last.text === '' || /^[→✓✗!–-]/.test(text) || command.test(text) || command.test(last.text))
    return false;
  if (namedLine.test(line)) return false;
  const indent = line.length - line.trimStart().length;
  return indent === last.column && isFull;
}

function render({ indent, name, column, text, whole }: Block, width: number): string[] {
  const isNarrow = width - column < leastColumn && column > indent;
  if (whole !== undefined && widthOf(whole) <= width && !isNarrow) return [whole];
  const head = name === undefined ? '' : `${' '.repeat(indent)}${name}`;
  if (name !== undefined && isNarrow) {
    const short = `${head}  ${text}`;
    if (widthOf(short) <= width) return [short];
    return [...indented(name, indent, width), ...indented(text, indent + indentBelow, width)];
  }
  const left = isNarrow ? indent + indentBelow : column;
  const [first = '', ...more] = indented(text, left, width);
  return [head + first.slice(widthOf(head)), ...more];
}

function indented(text: string, indent: number, width: number): string[] {
  const lines = command.test(text) ? [text] : wrap(text, width - indent);
  return lines.map((line) => `${' '.repeat(indent)}${line}`.trimEnd());
}
