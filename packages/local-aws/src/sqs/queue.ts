import { randomUUID } from 'node:crypto';
import { invalidParameter, sqsError } from './errors';
import { IndexedHeap } from './indexed-heap';
import type { MessageAttributes } from './message-attributes';
import { encodeReceiptHandle, parseReceiptHandle } from './receipt-handle';

/** A message in a queue. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Time of the first send. A dead-letter queue keeps it, and retention counts from it. */
  readonly sentAtMs: number;
  /** Number of receives in all queues that held the message. */
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number | undefined;
  /** In a dead-letter queue: the queue from which the message was moved. */
  readonly deadLetterSourceArn: string | undefined;
}

/** A received message. */
export interface ReceivedMessage extends Message {
  /** Allows to delete the message or to change its visibility, until it is received again. */
  readonly receiptHandle: string;
}

/** Speed of the waits that callers request with ChangeMessageVisibility, with DelaySeconds, or for a receive. */
export interface Pace {
  /** Factor: 10 makes waits ten times faster than real time. */
  readonly waitSpeed: number;
  /** `waitSpeed` makes no wait shorter than this. For callers that wait for something that takes real time. */
  readonly leastWaitMs: number;
  /**
   * The same for a receive's own visibility timeout, and for the first change after a receive: during that time the receiver processes the message, in real
   * time.
   */
  readonly leastWorkMs: number;
}

/** The queue attributes that affect messages. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  /** Undefined: no message is moved to a dead-letter queue. */
  readonly redrive?: { readonly maxReceiveCount: number; readonly deadLetters: Queue } | undefined;
}

/** Number of messages in a queue. */
export interface QueueDepth {
  readonly ready: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** A queue's dependencies. */
export interface QueueDeps {
  readonly name: string;
  readonly arn: string;
  readonly settings: () => QueueSettings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pace: Pace;
  /** Called when a message becomes ready to receive, or when the time changes at which it will. */
  readonly onChange: () => void;
}

interface Entry {
  message: Message;
  phase: 'delayed' | 'ready' | 'in flight';
  /** Sequence number of the latest receive. */
  receive: number;
  receivesHere: number;
  receivedAtMs: number;
  /** Whether the visibility was changed since the latest receive. */
  isChanged: boolean;
}

const maxVisibilityTimeoutSeconds = 43_200;

/** Beyond this many messages in flight, a standard queue delivers no more (SQS developer guide, "Message quotas"). */
const maxInFlight = 120_000;

/**
 * The messages of one standard queue and their visibility: a state machine without timers.
 * Each method call first applies the time that has passed. Operations are O(log n) in the number of messages, depths are O(1).
 * Messages are received in the order in which they became ready.
 * Sources: SQS API reference (ReceiveMessage, DeleteMessage, ChangeMessageVisibility) and developer guide (visibility timeout,
 * dead-letter queues).
 */
export class Queue {
  private readonly entries = new Map<string, Entry>();
  /** Visible messages, by the time at which they became ready. */
  private readonly ready = new IndexedHeap<Entry>();
  /** Delayed and in-flight messages, by the time at which they will be ready. */
  private readonly hidden = new IndexedHeap<Entry>();
  private readonly bySentTime = new IndexedHeap<Entry>();
  private inFlight = 0;
  private receives = 0;

  constructor(private readonly deps: QueueDeps) {}

  /** @returns the message ID. */
  send(body: string, attributes: MessageAttributes, delaySeconds = this.deps.settings().delaySeconds): string {
    const now = this.deps.now();
    const id = randomUUID();
    this.add(
      {
        id,
        body,
        attributes,
        sentAtMs: now,
        receiveCount: 0,
        firstReceivedAtMs: undefined,
        deadLetterSourceArn: undefined,
      },
      now + this.waitMs(delaySeconds),
    );
    return id;
  }

  /**
   * Receives up to `max` messages and hides them. A message that has reached maxReceiveCount is moved to the dead-letter
   * queue instead.
   */
  receive(max: number, visibilityTimeoutSeconds?: number): ReceivedMessage[] {
    const now = this.advance();
    const settings = this.deps.settings();
    const isRequested = visibilityTimeoutSeconds !== undefined;
    const hiddenForMs = isRequested
      ? this.waitMs(visibilityTimeoutSeconds, true)
      : settings.visibilityTimeoutSeconds * 1000;
    const received: ReceivedMessage[] = [];
    while (received.length < max && this.inFlight < maxInFlight) {
      const entry = this.ready.peek()?.item;
      if (entry === undefined) break;
      if (settings.redrive !== undefined && entry.receivesHere >= settings.redrive.maxReceiveCount) {
        this.remove(entry);
        settings.redrive.deadLetters.add({ ...entry.message, deadLetterSourceArn: this.deps.arn }, now);
        continue;
      }
      received.push(this.markReceived(entry, now));
      entry.isChanged = isRequested;
      this.hide(entry, 'in flight', now + hiddenForMs);
    }
    return received;
  }

  /**
   * Deletes a message. With the handle of an earlier receive, or of a deleted message, it does nothing.
   * @throws AwsJsonError ReceiptHandleIsInvalid if the handle is not from this queue.
   */
  delete(receiptHandle: string): void {
    this.advance();
    const entry = this.entryOf(receiptHandle);
    if (entry !== undefined) this.remove(entry);
  }

  /**
   * Hides an in-flight message for `timeoutSeconds` from now, and at most 12 hours after its receive.
   * @throws AwsJsonError ReceiptHandleIsInvalid; MessageNotInflight if its visibility timeout has expired;
   * InvalidParameterValueException if it was deleted or received again, or would be hidden for too long.
   */
  changeVisibility(receiptHandle: string, timeoutSeconds: number): void {
    const now = this.advance();
    const entry = this.entryOf(receiptHandle);
    if (entry === undefined) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidParameter('ReceiptHandle', receiptHandle, reason);
    }
    if (entry.phase !== 'in flight') throw sqsError('MessageNotInflight', 'The specified message is not in flight.');
    const heldSeconds = Math.floor((now - entry.receivedAtMs) / 1000);
    if (heldSeconds + timeoutSeconds > maxVisibilityTimeoutSeconds) {
      const reason = `Total VisibilityTimeout for the message is beyond the limit [${maxVisibilityTimeoutSeconds} seconds]`;
      throw invalidParameter('VisibilityTimeout', timeoutSeconds, reason);
    }
    this.hide(entry, 'in flight', now + this.waitMs(timeoutSeconds, !entry.isChanged));
    entry.isChanged = true;
    this.deps.onChange();
  }

  /** Deletes every message, including in-flight ones. */
  purge(): void {
    for (const entry of [...this.entries.values()]) this.remove(entry);
  }

  depth(): QueueDepth {
    this.advance();
    return { ready: this.ready.size, inFlight: this.inFlight, delayed: this.hidden.size - this.inFlight };
  }

  /** How many messages were received since the start, redeliveries included. */
  get received(): number {
    return this.receives;
  }

  /** The time at which the next hidden message becomes ready; undefined if none is hidden. */
  nextReadyAtMs(): number | undefined {
    return this.hidden.peek()?.key;
  }

  private add(message: Message, readyAtMs: number): void {
    const entry: Entry = { message, phase: 'delayed', receive: 0, receivesHere: 0, receivedAtMs: 0, isChanged: false };
    this.entries.set(message.id, entry);
    this.bySentTime.add(entry, message.sentAtMs);
    this.hide(entry, 'delayed', readyAtMs);
    this.deps.onChange();
  }

  private markReceived(entry: Entry, now: number): ReceivedMessage {
    const { message } = entry;
    entry.message = {
      ...message,
      receiveCount: message.receiveCount + 1,
      firstReceivedAtMs: message.firstReceivedAtMs ?? now,
    };
    entry.receive = ++this.receives;
    entry.receivesHere += 1;
    entry.receivedAtMs = now;
    entry.isChanged = false;
    const receipt = { queueName: this.deps.name, messageId: message.id, receive: entry.receive };
    return { ...entry.message, receiptHandle: encodeReceiptHandle(receipt) };
  }

  /** Finds the message of a handle, unless it was received again. */
  private entryOf(receiptHandle: string): Entry | undefined {
    const { messageId, receive } = parseReceiptHandle(receiptHandle, this.deps.name);
    const entry = this.entries.get(messageId);
    return entry?.receive === receive ? entry : undefined;
  }

  /** Applies the time since the last call: messages become ready, old ones expire. @returns the current time. */
  private advance(): number {
    const now = this.deps.now();
    for (let next = this.hidden.peek(); next !== undefined && next.key <= now; next = this.hidden.peek()) {
      this.leavePhase(next.item);
      next.item.phase = 'ready';
      this.ready.add(next.item, next.key);
    }
    const expiredBefore = now - this.deps.settings().retentionSeconds * 1000;
    for (
      let next = this.bySentTime.peek();
      next !== undefined && next.key <= expiredBefore;
      next = this.bySentTime.peek()
    ) {
      this.remove(next.item);
    }
    return now;
  }

  private waitMs(seconds: number, isWork = false): number {
    const { waitSpeed, leastWaitMs, leastWorkMs } = this.deps.pace;
    const requestedMs = seconds * 1000;
    const leastMs = isWork ? Math.max(leastWaitMs, leastWorkMs) : leastWaitMs;
    return Math.max(requestedMs / waitSpeed, Math.min(requestedMs, leastMs));
  }

  private hide(entry: Entry, phase: 'delayed' | 'in flight', untilMs: number): void {
    this.leavePhase(entry);
    entry.phase = phase;
    if (phase === 'in flight') this.inFlight += 1;
    this.hidden.add(entry, untilMs);
  }

  private remove(entry: Entry): void {
    this.leavePhase(entry);
    this.bySentTime.remove(entry);
    this.entries.delete(entry.message.id);
  }

  private leavePhase(entry: Entry): void {
    if (this.hidden.remove(entry) && entry.phase === 'in flight') this.inFlight -= 1;
    this.ready.remove(entry);
  }
}
