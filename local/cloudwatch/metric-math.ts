/** The value of a name in an expression; undefined where its metric has none. */
export type ValueOf = (id: string) => number | undefined;

/** An expression over metrics, taken for one period: undefined when a value that it needs is missing. */
export type Expression = (valueOf: ValueOf) => number | undefined;

type Operation = (left: number, right: number) => number | undefined;

/** By how strongly they bind, the weakest first. */
const operators: readonly Readonly<Record<string, Operation>>[] = [
  {
    '>=': (left, right) => Number(left >= right),
    '<=': (left, right) => Number(left <= right),
    '>': (left, right) => Number(left > right),
    '<': (left, right) => Number(left < right),
  },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  // A period in which something is divided by 0 has no value.
  { '*': (left, right) => left * right, '/': (left, right) => (right === 0 ? undefined : left / right) },
];

/**
 * Reads a metric math expression: numbers, names, parentheses, `+ - * /`, comparisons and `IF(condition, then, else)`.
 *
 * A period in which any operand is missing has no value (CloudWatch user guide, "Using math expressions with CloudWatch
 * metrics").
 * @throws for anything else, so that no expression is taken for what it is not.
 */
export function parseExpression(text: string): Expression {
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z]\w*|[<>]=?|\S/g) ?? [];
  const parser = new Parser(tokens, text);
  return parser.parseWhole();
}

class Parser {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly text: string,
  ) {}

  parseWhole(): Expression {
    const whole = this.parseLevel(0);
    if (this.at < this.tokens.length) throw this.unknown();
    return whole;
  }

  private parseLevel(level: number): Expression {
    const known = operators[level];
    if (known === undefined) return this.parseOperand();
    let left = this.parseLevel(level + 1);
    for (let operation = this.operation(known); operation !== undefined; operation = this.operation(known)) {
      left = combine(operation, left, this.parseLevel(level + 1));
    }
    return left;
  }

  private operation(known: Readonly<Record<string, Operation>>): Operation | undefined {
    const operation = known[this.tokens[this.at] ?? ''];
    if (operation !== undefined) this.at += 1;
    return operation;
  }

  private parseOperand(): Expression {
    const token = this.tokens[this.at] ?? '';
    if (/^\d/.test(token)) {
      this.at += 1;
      return () => Number(token);
    }
    if (token === '(') return this.parseList('(', 1)[0];
    if (token === 'IF') return this.parseIf();
    // Functions are in capitals, and a metric's ID begins with a small letter.
    if (!/^[a-z]\w*$/.test(token)) throw this.unknown();
    this.at += 1;
    return (valueOf) => valueOf(token);
  }

  private parseIf(): Expression {
    this.at += 1;
    const [condition, then, otherwise] = this.parseList('(', 3);
    return (valueOf) => {
      const isSo = condition(valueOf);
      if (isSo === undefined) return undefined;
      return isSo === 0 ? otherwise(valueOf) : then(valueOf);
    };
  }

  private parseList(opening: string, length: 1): [Expression];
  private parseList(opening: string, length: 3): [Expression, Expression, Expression];
  private parseList(opening: string, length: number): Expression[] {
    this.take(opening);
    const expressions = [this.parseLevel(0)];
    while (expressions.length < length) {
      this.take(',');
      expressions.push(this.parseLevel(0));
    }
    this.take(')');
    return expressions;
  }

  private take(token: string): void {
    if (this.tokens[this.at] !== token) throw this.unknown();
    this.at += 1;
  }

  private unknown(): Error {
    const token = this.tokens[this.at] ?? 'the end';
    return new Error(`The local CloudWatch does not know '${token}' as it stands in '${this.text}'`);
  }
}

function combine(operation: Operation, left: Expression, right: Expression): Expression {
  return (valueOf) => {
    const [one, other] = [left(valueOf), right(valueOf)];
    return one === undefined || other === undefined ? undefined : operation(one, other);
  };
}
