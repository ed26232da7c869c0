import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Inquiry, InquiryAnswer } from '../../contract/inquiry';

/** Has the function ask ComplyCube, with the key that it alone may read. A function that fails is an answer too. */
export async function askFunction(
  lambda: LambdaClient,
  functionName: string,
  inquiry: Inquiry,
): Promise<InquiryAnswer> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(inquiry) }),
  );
  const answer = JSON.parse(Payload?.transformToString() ?? 'null') as unknown;
  if (FunctionError === undefined && isAnswer(answer)) return answer;
  return { answer: 'failed', because: `the function failed: ${describeFailure(answer)}` };
}

function isAnswer(value: unknown): value is InquiryAnswer {
  return typeof value === 'object' && value !== null && 'answer' in value;
}

/** What Lambda answers for a function that failed: its error's message, without the stack. */
function describeFailure(value: unknown): string {
  const { errorMessage } = (value ?? {}) as { readonly errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage.slice(0, 300) : 'it does not say why; is it up to date?';
}
