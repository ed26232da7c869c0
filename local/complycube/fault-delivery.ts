import { jsonAnswer, type Answer } from './answer';
import { usualErrorBody } from './api-error';
import type { Delivery } from './delivery';
import type { Fault, StatusAnswer } from './faults';

/** Names ending in `.invalid` never resolve (RFC 2606): a caller that follows the redirect gets nowhere. */
const defaultRedirect = 'https://redirected.invalid/v1/livePhotos';

const defaultHugeBytes = 2_000_000;
const defaultSlowMs = 10_000;

const gatewayPage = `<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
`;

/**
 * Turns a fault into what the caller gets to see.
 * @param carryOut runs the call itself; only the faults that take place after it do so.
 */
export function deliveryOf(fault: Fault, carryOut: () => Answer): Delivery {
  switch (fault.fault) {
    case 'status':
      return { way: 'whole', answer: statusAnswer(fault) };
    case 'html-502':
      return { way: 'whole', answer: { status: 502, headers: { 'content-type': 'text/html' }, body: gatewayPage } };
    case 'redirect': {
      const location = fault.location ?? defaultRedirect;
      return { way: 'whole', answer: { status: 307, headers: { location }, body: '' } };
    }
    case 'hang':
      return { way: 'never' };
    case 'reset-before':
      return { way: 'reset' };
    case 'status-after':
      carryOut();
      return { way: 'whole', answer: statusAnswer(fault) };
    case 'reset-after':
      carryOut();
      return { way: 'reset' };
    case 'lost-answer':
      carryOut();
      return { way: 'never' };
    case 'cut-off-answer':
      return { way: 'cut-off', answer: carryOut() };
    case 'broken-answer': {
      const answer = carryOut();
      return { way: 'whole', answer: { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) } };
    }
    case 'huge-answer':
      return { way: 'whole', answer: enlarge(carryOut(), fault.bytes ?? defaultHugeBytes) };
    case 'slow-answer':
      return { way: 'slow', answer: carryOut(), durationMs: fault.durationMs ?? defaultSlowMs };
  }
}

function statusAnswer(fault: StatusAnswer): Answer {
  const { status, type, message, param, body, retryAfter } = fault;
  const usual = usualErrorBody(status);
  const flat = {
    type: type ?? usual.type,
    message: message ?? usual.message,
    ...(param === undefined ? {} : { param }),
  };
  const answer = jsonAnswer(status, body === undefined ? flat : body);
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

function enlarge(answer: Answer, bytes: number): Answer {
  // A 204 has no body that could be large.
  if (answer.body === '') return answer;
  return { ...answer, body: answer.body.replace(/}$/, `,"padding":"${'x'.repeat(bytes)}"}`) };
}
