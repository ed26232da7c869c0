import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Inquiry, InquiryAnswer } from '../../contract/inquiry';

/** Sends an inquiry to ComplyCube through the function, because only the function may read the key. */
export async function inquire(lambda: LambdaClient, functionName: string, inquiry: Inquiry): Promise<InquiryAnswer> {
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

/** The error message of a failed function, from Lambda's response. */
function describeFailure(value: unknown): string {
  const { errorMessage } = (value ?? {}) as { readonly errorMessage?: unknown };
  return typeof errorMessage === 'string'
    ? errorMessage.slice(0, 300)
    : 'it returned no error message; is it up to date?';
}
