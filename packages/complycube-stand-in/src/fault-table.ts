import { errorBodyFor, jsonAnswer, type Answer } from './answer';
import {
  addMalformedItem,
  changeData,
  changeLivePhotos,
  changeText,
  enlarge,
  omitFromLivePhotos,
} from './answer-changes';
import type { Delivery } from './delivery';

/** The properties of faults. {@link faultProperties} lists those of each fault. */
export interface FaultProperties {
  /** 200 to 599. */
  status?: number;
  type?: string;
  message?: string;
  param?: string;
  /** Any JSON value, instead of `type`, `message` and `param`. */
  body?: unknown;
  /** The Retry-After header: seconds or a date. */
  retryAfter?: string;
  /** The target of a redirect. Default: a host name that does not resolve. */
  location?: string;
  /** How many bytes to add. Default: 2,000,000. */
  bytes?: number;
  /** Duration of the body. Default: 10,000 ms. */
  durationMs?: number;
}

/** Carries out the call, so that a photo is stored. @returns the response without a fault. */
export type CarryOut = (options?: { includesOtherClients?: boolean }) => Answer;

/** Decides what the caller receives. If it does not call `carryOut`, the request has no effect. */
type Fault = (carryOut: CarryOut, properties: FaultProperties) => Delivery;

const gatewayPage = `<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
`;

/** A name that ends in `.invalid` never resolves (RFC 2606). */
const defaultRedirect = 'https://redirected.invalid/v1/livePhotos';

const faultTable = {
  // The call is not carried out: nothing is stored.
  status: (_, properties) => whole(statusAnswer(properties)),
  'html-502': () => whole({ status: 502, headers: { 'content-type': 'text/html' }, body: gatewayPage }),
  redirect: (_, { location = defaultRedirect }) => whole({ status: 307, headers: { location }, body: '' }),
  'switching-protocols': () => ({ way: 'switching-protocols' }),
  hang: () => ({ way: 'never' }),
  'reset-before': () => ({ way: 'reset' }),

  // The call is carried out, and its response is lost or broken.
  'status-after': (carryOut, properties) => {
    carryOut();
    return whole(statusAnswer(properties));
  },
  'reset-after': (carryOut) => {
    carryOut();
    return { way: 'reset' };
  },
  'lost-answer': (carryOut) => {
    carryOut();
    return { way: 'never' };
  },
  'cut-off-answer': (carryOut) => ({ way: 'cut-off', answer: carryOut() }),
  'broken-answer': (carryOut) => whole(changeText(carryOut(), firstHalf)),
  'huge-answer': (carryOut, { bytes = 2_000_000 }) => whole(enlarge(carryOut(), bytes)),
  'slow-answer': (carryOut, { durationMs = 10_000 }) => ({ way: 'slow', answer: carryOut(), durationMs }),

  // The call is carried out, and its response is unusual but valid.
  'byte-order-mark': (carryOut) => whole(changeText(carryOut(), (text) => `\uFEFF${text}`)),
  'no-client-id': (carryOut) => whole(omitFromLivePhotos(carryOut(), 'clientId')),
  'no-size': (carryOut) => whole(omitFromLivePhotos(carryOut(), 'size')),
  'text-size': (carryOut) => whole(changeLivePhotos(carryOut(), ({ size }) => ({ size: String(size) }))),
  'malformed-item': (carryOut) => whole(addMalformedItem(carryOut())),

  // The call is carried out, and its response is wrong.
  'other-client-id': (carryOut) => whole(changeLivePhotos(carryOut(), () => ({ clientId: 'f'.repeat(24) }))),
  'other-size': (carryOut) => whole(changeLivePhotos(carryOut(), ({ size }) => ({ size: Number(size) + 1 }))),
  'extra-answer': (carryOut) => ({ way: 'whole', answer: carryOut(), isSentTwice: true }),
  'other-clients-items': (carryOut) => whole(carryOut({ includesOtherClients: true })),
  'empty-data': (carryOut) => whole(changeData(carryOut(), () => '')),
  'short-data': (carryOut) => whole(changeData(carryOut(), firstHalf)),
  'uri-data': (carryOut) => whole(changeData(carryOut(), (data) => `data:image/jpeg;base64,${data}`)),
  'text-data': (carryOut) => whole(changeData(carryOut(), () => 'Service temporarily unavailable')),
} satisfies Readonly<Record<string, Fault>>;

/** The name of a fault. */
export type FaultKind = keyof typeof faultTable;

/** Every {@link FaultKind}. */
export const faultKinds = Object.keys(faultTable) as FaultKind[];

const answerProperties = ['status', 'type', 'message', 'param', 'body', 'retryAfter'] as const;

/** The properties of the faults, besides when they happen. A fault that is not listed has none. `status` is required. */
export const faultProperties: { readonly [kind in FaultKind]?: readonly (keyof FaultProperties)[] } = {
  status: answerProperties,
  'status-after': answerProperties,
  redirect: ['location'],
  'huge-answer': ['bytes'],
  'slow-answer': ['durationMs'],
};

/** Decides what the caller receives under a fault. */
export function deliveryOf(fault: { fault: FaultKind } & FaultProperties, carryOut: CarryOut): Delivery {
  const table: Readonly<Record<FaultKind, Fault>> = faultTable;
  return table[fault.fault](carryOut, fault);
}

function whole(answer: Answer): Delivery {
  return { way: 'whole', answer };
}

function statusAnswer({ status = 500, type, message, param, body, retryAfter }: FaultProperties): Answer {
  const usual = errorBodyFor(status);
  const flat = { type: type ?? usual.type, message: message ?? usual.message, ...(param !== undefined && { param }) };
  const answer = jsonAnswer(status, body === undefined ? flat : body);
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

function firstHalf(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}
