import { type MessagePort, parentPort } from 'node:worker_threads';
import { isRecord } from './json-body';
import { isDecodedData, parseUploadBody } from './upload-body';

/** The worker thread of {@link UploadParser}. */
parentPort?.on('message', ({ body, port }: { body: Uint8Array; port: MessagePort }) => {
  const json = parseUploadBody(body);
  const data = isRecord(json) ? json['data'] : undefined;
  // Small data shares its memory with other buffers, so only a copy can be sent.
  const isWhole = isDecodedData(data) && data.bytes.length === data.bytes.buffer.byteLength;
  port.postMessage(json, isWhole ? [data.bytes.buffer] : []);
});
