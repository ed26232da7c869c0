import { toIso } from '../../contract/claim-record';
import type { ClientErasureRequest } from '../../contract/client-erasure-message';
import type { ClientErasureProgress } from '../../contract/client-erasure-progress';
import type { ClientErasureCounts } from '../../contract/erasure-record';
import type { ClientErasures, StoredProgress } from '../aws/client-erasures';
import type { AskedDeletions } from './delete-live-photo';

/** A request with SQS's `SenderId`. */
export interface SentClientErasure extends ClientErasureRequest {
  readonly requestedBy: string;
}

/** The erasure of a client that has begun. Of two deliveries that change it, one is retried. */
export class ClientErasure implements AskedDeletions {
  private constructor(
    private stored: StoredProgress,
    private readonly store: Pick<ClientErasures, 'replace'>,
    private readonly signal: AbortSignal,
  ) {}

  /** Continues what an earlier delivery began. */
  static async begin(
    { requestId, requestedAt, requestedBy }: SentClientErasure,
    { store, nowMs, signal }: { store: Pick<ClientErasures, 'read' | 'replace'>; nowMs: number; signal: AbortSignal },
  ): Promise<ClientErasure> {
    const first: ClientErasureProgress = {
      ...{ requestId, requestedAt, requestedBy, startedAt: toIso(nowMs) },
      ...{ asked: [], notFound: [], refused: [] },
    };
    const stored = (await store.read(requestId, signal)) ?? (await store.replace(first, undefined, signal));
    return new ClientErasure(stored, store, signal);
  }

  get progress(): ClientErasureProgress {
    return this.stored.progress;
  }

  get counts(): ClientErasureCounts {
    const { asked, notFound, refused } = this.progress;
    return { deleted: asked.length - refused.length, notFound: notFound.length, refused: refused.length };
  }

  wasAsked(livePhotoId: string): boolean {
    return this.progress.asked.includes(livePhotoId);
  }

  noteAsked(livePhotoId: string): Promise<void> {
    return this.save({ asked: [...this.progress.asked, livePhotoId] });
  }

  noteNotFound(livePhotoId: string): Promise<void> {
    return this.save({ notFound: [...this.progress.notFound, livePhotoId] });
  }

  noteRefused(livePhotoId: string, said: string | undefined): Promise<void> {
    const { refused, said: first = said } = this.progress;
    return this.save({ refused: [...refused, livePhotoId], said: first });
  }

  /**
   * Call before the evidence is stored. A duplicate may have deleted live photos since {@link begin}, which these counts lack.
   * @throws RetryLaterError `claim-held` when another delivery has changed the progress.
   */
  async ensureCurrent(): Promise<void> {
    // Writing it again without a change fails if it has changed in S3.
    await this.save({});
  }

  /** Removes the IDs of live photos. */
  end(): Promise<void> {
    return this.save({ asked: [], notFound: [], refused: [], isDone: true });
  }

  /** @throws RetryLaterError `claim-held` when another delivery has changed the progress. */
  private async save(changes: Partial<ClientErasureProgress>): Promise<void> {
    const { progress, eTag } = this.stored;
    this.stored = await this.store.replace({ ...progress, ...changes }, eTag, this.signal);
  }
}
