import { jsonAnswer, type Answer } from './answer';
import {
  addMalformedItem,
  changeData,
  changeLivePhotos,
  changeText,
  enlarge,
  omitFromLivePhotos,
} from './answer-changes';
import { usualErrorBody } from './api-error';
import type { Delivery } from './delivery';

/** What a fault may have; {@link faultDefinitions} says which fault has which. */
export interface FaultProperties {
  /** 200 to 599. */
  status?: number;
  type?: string;
  message?: string;
  param?: string;
  /** Any JSON value, in place of `type`, `message` and `param`. */
  body?: unknown;
  /** The Retry-After header: seconds or a date. */
  retryAfter?: string;
  /** Where a redirect leads; by default to a name that does not resolve. */
  location?: string;
  /** How many bytes to add; by default 2,000,000. */
  bytes?: number;
  /** How long the body takes; by default 10,000 ms. */
  durationMs?: number;
}

/** Carries the call out, so that a photo is stored, and gives the answer that it would get. */
export type CarryOut = (options?: { includesOtherClients?: boolean }) => Answer;

/** One kind of fault. */
interface FaultDefinition {
  /** Those that it may have, besides when it happens; `status` is required where it is among them. */
  readonly properties: readonly (keyof FaultProperties)[];
  /** What the caller sees. Without a call of `carryOut` the call does not take effect. */
  readonly deliver: (carryOut: CarryOut, properties: FaultProperties) => Delivery;
}

const answerProperties = ['status', 'type', 'message', 'param', 'body', 'retryAfter'] as const;

const gatewayPage = `<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
`;

/** Names ending in `.invalid` never resolve (RFC 2606): a caller that follows the redirect gets nowhere. */
const defaultRedirect = 'https://redirected.invalid/v1/livePhotos';

/** Every kind of fault, by its name. */
const faultTable = {
  // The call is not carried out: nothing is stored.
  status: { properties: answerProperties, deliver: (_, properties) => whole(statusAnswer(properties)) },
  'html-502': {
    properties: [],
    deliver: () => whole({ status: 502, headers: { 'content-type': 'text/html' }, body: gatewayPage }),
  },
  redirect: {
    properties: ['location'],
    deliver: (_, { location = defaultRedirect }) => whole({ status: 307, headers: { location }, body: '' }),
  },
  'switching-protocols': { properties: [], deliver: () => ({ way: 'switching-protocols' }) },
  hang: { properties: [], deliver: () => ({ way: 'never' }) },
  'reset-before': { properties: [], deliver: () => ({ way: 'reset' }) },

  // The call is carried out, and its answer is lost or broken.
  'status-after': {
    properties: answerProperties,
    deliver: (carryOut, properties) => {
      carryOut();
      return whole(statusAnswer(properties));
    },
  },
  'reset-after': {
    properties: [],
    deliver: (carryOut) => {
      carryOut();
      return { way: 'reset' };
    },
  },
  'lost-answer': {
    properties: [],
    deliver: (carryOut) => {
      carryOut();
      return { way: 'never' };
    },
  },
  'cut-off-answer': { properties: [], deliver: (carryOut) => ({ way: 'cut-off', answer: carryOut() }) },
  'broken-answer': { properties: [], deliver: (carryOut) => whole(changeText(carryOut(), firstHalf)) },
  'huge-answer': {
    properties: ['bytes'],
    deliver: (carryOut, { bytes = 2_000_000 }) => whole(enlarge(carryOut(), bytes)),
  },
  'slow-answer': {
    properties: ['durationMs'],
    deliver: (carryOut, { durationMs = 10_000 }) => ({ way: 'slow', answer: carryOut(), durationMs }),
  },

  // The call is carried out, and its answer is odd but valid.
  'byte-order-mark': {
    properties: [],
    deliver: (carryOut) => whole(changeText(carryOut(), (text) => `\uFEFF${text}`)),
  },
  'no-client-id': { properties: [], deliver: (carryOut) => whole(omitFromLivePhotos(carryOut(), 'clientId')) },
  'no-size': { properties: [], deliver: (carryOut) => whole(omitFromLivePhotos(carryOut(), 'size')) },
  'text-size': {
    properties: [],
    deliver: (carryOut) => whole(changeLivePhotos(carryOut(), ({ size }) => ({ size: String(size) }))),
  },
  'malformed-item': { properties: [], deliver: (carryOut) => whole(addMalformedItem(carryOut())) },

  // The call is carried out, and its answer must not be believed.
  'other-client-id': {
    properties: [],
    deliver: (carryOut) => whole(changeLivePhotos(carryOut(), () => ({ clientId: 'f'.repeat(24) }))),
  },
  'other-size': {
    properties: [],
    deliver: (carryOut) => whole(changeLivePhotos(carryOut(), ({ size }) => ({ size: Number(size) + 1 }))),
  },
  'extra-answer': { properties: [], deliver: (carryOut) => ({ way: 'extra', answer: carryOut() }) },
  'other-clients-items': { properties: [], deliver: (carryOut) => whole(carryOut({ includesOtherClients: true })) },
  'empty-data': { properties: [], deliver: (carryOut) => whole(changeData(carryOut(), () => '')) },
  'short-data': { properties: [], deliver: (carryOut) => whole(changeData(carryOut(), firstHalf)) },
  'uri-data': {
    properties: [],
    deliver: (carryOut) => whole(changeData(carryOut(), (data) => `data:image/jpeg;base64,${data}`)),
  },
  'text-data': {
    properties: [],
    deliver: (carryOut) => whole(changeData(carryOut(), () => 'Service temporarily unavailable')),
  },
} satisfies Readonly<Record<string, FaultDefinition>>;

/** The name of a fault. */
export type FaultKind = keyof typeof faultTable;

/** Every fault, by a name that is only known at run time. */
export const faultDefinitions: Readonly<Record<FaultKind, FaultDefinition>> = faultTable;

/** Turns a fault into what the caller sees. */
export function deliveryOf(fault: { fault: FaultKind } & FaultProperties, carryOut: CarryOut): Delivery {
  return faultDefinitions[fault.fault].deliver(carryOut, fault);
}

function whole(answer: Answer): Delivery {
  return { way: 'whole', answer };
}

function statusAnswer({ status = 500, type, message, param, body, retryAfter }: FaultProperties): Answer {
  const usual = usualErrorBody(status);
  const flat = { type: type ?? usual.type, message: message ?? usual.message, ...(param !== undefined && { param }) };
  const answer = jsonAnswer(status, body === undefined ? flat : body);
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

function firstHalf(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}
