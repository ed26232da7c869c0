/** Returns the value of a metric by its ID in the expression; undefined: no data. */
export type ValueOf = (id: string) => number | undefined;

/** An expression for one period. Returns undefined if a required value is missing. */
export type Expression = (valueOf: ValueOf) => number | undefined;

type Operation = (left: number, right: number) => number | undefined;

/** In order of precedence, lowest first. */
const operators: readonly Readonly<Record<string, Operation>>[] = [
  {
    '>=': (left, right) => Number(left >= right),
    '<=': (left, right) => Number(left <= right),
    '>': (left, right) => Number(left > right),
    '<': (left, right) => Number(left < right),
  },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  // A division by 0 has no value.
  { '*': (left, right) => left * right, '/': (left, right) => (right === 0 ? undefined : left / right) },
];

/**
 * Parses a metric math expression: numbers, IDs, parentheses, `+ - * /`, comparisons, `IF(condition, then, else)` and `FILL(value, otherwise)`.
 *
 * If an operand is missing, the expression has no value (CloudWatch user guide, "Using math expressions with CloudWatch
 * metrics").
 * @throws for anything else.
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
    if (token === 'FILL') return this.parseFill();
    // IDs start with a lowercase letter. Names of functions are uppercase.
    if (!/^[a-z]\w*$/.test(token)) throw this.unknown();
    this.at += 1;
    return (valueOf) => valueOf(token);
  }

  private parseIf(): Expression {
    this.at += 1;
    const [condition, then, otherwise] = this.parseList('(', 3);
    return (valueOf) => {
      const value = condition(valueOf);
      if (value === undefined) return undefined;
      return value === 0 ? otherwise(valueOf) : then(valueOf);
    };
  }

  private parseFill(): Expression {
    this.at += 1;
    const [value, otherwise] = this.parseList('(', 2);
    return (valueOf) => value(valueOf) ?? otherwise(valueOf);
  }

  private parseList(opening: string, length: 1): [Expression];
  private parseList(opening: string, length: 2): [Expression, Expression];
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
    return new Error(`'${token}' is not supported locally in '${this.text}'`);
  }
}

function combine(operation: Operation, left: Expression, right: Expression): Expression {
  return (valueOf) => {
    const [one, other] = [left(valueOf), right(valueOf)];
    return one === undefined || other === undefined ? undefined : operation(one, other);
  };
}
