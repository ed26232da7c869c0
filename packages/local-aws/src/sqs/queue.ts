import { randomUUID } from 'node:crypto';
import { invalidParameter, sqsError } from './errors';
import { IndexedHeap } from './indexed-heap';
import type { Message, ReceivedMessage } from './message';
import type { MessageAttributes } from './message-attributes';
import { encodeReceiptHandle, parseReceiptHandle } from './receipt-handle';
import { paceWait, type WaitPace } from './wait-pace';

/** A queue's current attributes, as far as they concern its messages. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  /** Default: no message is moved to a dead-letter queue. */
  readonly redrive?: { readonly maxReceiveCount: number; readonly deadLetters: Queue } | undefined;
}

/** How many messages a queue holds. */
export interface QueueDepth {
  readonly ready: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** A queue's dependencies. */
export interface QueueSurroundings {
  readonly name: string;
  readonly arn: string;
  readonly settings: () => QueueSettings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly waits: WaitPace;
  /** Called when a message became ready to receive, or will at another time than before. */
  readonly onChange: () => void;
}

interface Entry {
  message: Message;
  phase: 'delayed' | 'ready' | 'in flight';
  /** Numbers the receive that holds the message, or held it last. */
  receive: number;
  receivesHere: number;
  receivedAtMs: number;
  /** Whether the receive that holds the message has changed its visibility. */
  isChanged: boolean;
}

const maxInFlight = 120_000;
const maxVisibilityTimeoutSeconds = 43_200;

/**
 * The messages of one standard queue and who may see them when; a state machine without timers.
 * Time passes only when a method is called. Every operation is O(log n) in the number of messages, depths are O(1).
 * Messages are received in the order in which they became ready; SQS promises no more than trying to.
 * Sources: SQS's API reference (ReceiveMessage, DeleteMessage, ChangeMessageVisibility) and its developer guide (visibility
 * timeout, dead-letter queues).
 */
export class Queue {
  private readonly entries = new Map<string, Entry>();
  /** By the time at which they became ready. */
  private readonly ready = new IndexedHeap<Entry>();
  /** Delayed and in flight, by the time at which they will be ready. */
  private readonly hidden = new IndexedHeap<Entry>();
  private readonly bySentTime = new IndexedHeap<Entry>();
  private inFlight = 0;
  private receives = 0;

  constructor(private readonly around: QueueSurroundings) {}

  /** Takes in a new message. @returns its message ID. */
  send(body: string, attributes: MessageAttributes, delaySeconds = this.around.settings().delaySeconds): string {
    const now = this.around.now();
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
      now + paceWait(delaySeconds, this.around.waits),
    );
    return id;
  }

  /**
   * Hands out up to `max` messages and hides them. A message already received as often as the redrive policy allows goes to
   * the dead-letter queue instead.
   * @throws OverLimit when 120,000 messages are in flight.
   */
  receive(max: number, visibilityTimeoutSeconds?: number): ReceivedMessage[] {
    const now = this.advance();
    const settings = this.around.settings();
    const hiddenUntilMs = now + (visibilityTimeoutSeconds ?? settings.visibilityTimeoutSeconds) * 1000;
    const received: ReceivedMessage[] = [];
    while (received.length < max) {
      const entry = this.ready.peek()?.item;
      if (entry === undefined) break;
      if (this.inFlight >= maxInFlight) {
        if (received.length > 0) break;
        throw sqsError('OverLimit', `The queue has ${maxInFlight} messages in flight, which is the most it may have.`);
      }
      if (settings.redrive !== undefined && entry.receivesHere >= settings.redrive.maxReceiveCount) {
        this.remove(entry);
        settings.redrive.deadLetters.add({ ...entry.message, deadLetterSourceArn: this.around.arn }, now);
        continue;
      }
      received.push(this.handOut(entry, now));
      this.hide(entry, 'in flight', hiddenUntilMs);
    }
    return received;
  }

  /**
   * Deletes a message for good. With the handle of an earlier receive, or of a message that is gone, it does nothing.
   * @throws ReceiptHandleIsInvalid when the handle is none of this queue's.
   */
  delete(receiptHandle: string): void {
    this.advance();
    const entry = this.entryOf(receiptHandle);
    if (entry !== undefined) this.remove(entry);
  }

  /**
   * Hides a message in flight for `timeoutSeconds` from now on, at most 12 hours after its receive.
   * @throws ReceiptHandleIsInvalid, MessageNotInflight when its visibility timeout has run out, or
   * InvalidParameterValueException when it is gone or was received again, or would be hidden for too long.
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
    this.hide(entry, 'in flight', now + paceWait(timeoutSeconds, this.around.waits, !entry.isChanged));
    entry.isChanged = true;
    this.around.onChange();
  }

  /** Deletes every message, those in flight too. */
  purge(): void {
    for (const entry of [...this.entries.values()]) this.remove(entry);
  }

  depth(): QueueDepth {
    this.advance();
    return { ready: this.ready.size, inFlight: this.inFlight, delayed: this.hidden.size - this.inFlight };
  }

  /** When the next message that is hidden now becomes ready; undefined when none is hidden. */
  nextReadyAtMs(): number | undefined {
    return this.hidden.peek()?.key;
  }

  private add(message: Message, readyAtMs: number): void {
    const entry: Entry = { message, phase: 'delayed', receive: 0, receivesHere: 0, receivedAtMs: 0, isChanged: false };
    this.entries.set(message.id, entry);
    this.bySentTime.add(entry, message.sentAtMs);
    this.hide(entry, 'delayed', readyAtMs);
    this.around.onChange();
  }

  private handOut(entry: Entry, now: number): ReceivedMessage {
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
    const receipt = { queueName: this.around.name, messageId: message.id, receive: entry.receive };
    return { ...entry.message, receiptHandle: encodeReceiptHandle(receipt) };
  }

  /** The message that a handle still stands for. */
  private entryOf(receiptHandle: string): Entry | undefined {
    const { messageId, receive } = parseReceiptHandle(receiptHandle, this.around.name);
    const entry = this.entries.get(messageId);
    return entry?.receive === receive ? entry : undefined;
  }

  /** Lets happen what time has brought since the last call: messages become ready, old ones expire. @returns now. */
  private advance(): number {
    const now = this.around.now();
    for (let next = this.hidden.peek(); next !== undefined && next.key <= now; next = this.hidden.peek()) {
      this.leavePhase(next.item);
      next.item.phase = 'ready';
      this.ready.add(next.item, next.key);
    }
    const expiredBefore = now - this.around.settings().retentionSeconds * 1000;
    for (
      let next = this.bySentTime.peek();
      next !== undefined && next.key <= expiredBefore;
      next = this.bySentTime.peek()
    ) {
      this.remove(next.item);
    }
    return now;
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
