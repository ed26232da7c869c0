/**
 * Stryker's mutants of sentences for people are ignored: messages of errors and of log lines. No program reads them, and a test that
 * repeats them proves nothing. Codes, statuses and reasons are single words, so their mutants count.
 */
const sentences = {
  shouldIgnore({ node, parent }) {
    const isSentence =
      (node.type === 'StringLiteral' && node.value.includes(' ')) ||
      (node.type === 'TemplateLiteral' && node.quasis.some(({ value }) => value.raw.includes(' ')));
    return isSentence && (isError(parent) || isFailure(parent) || isLogging(parent))
      ? 'a sentence for people'
      : undefined;
  },
};

const isError = ({ type, callee }) => type === 'NewExpression' && /(Error|Problem)$/.test(callee.name);

/** Functions of HTTP calls, which create the error. */
const isFailure = ({ type, callee }) => type === 'CallExpression' && ['fail', 'onFailure'].includes(callee.name);

const isLogging = ({ type, callee }) =>
  type === 'CallExpression' &&
  callee.type === 'MemberExpression' &&
  [callee.object.name, callee.object.property?.name].includes('log');

export const strykerPlugins = [{ kind: 'Ignore', name: 'sentences', value: sentences }];
