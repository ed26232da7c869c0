import { describe, expect, it } from '@jest/globals';
import { PhotoMemory, type PhotoRoom } from '../../../lambda/photo/photo-memory';

const largest = 4_194_304;
const never = new AbortController().signal;
/** Resolves when every promise has gone as far as it can. */
const quiet = () => new Promise(setImmediate);

describe('PhotoMemory', () => {
  /** Takes rooms for the largest photos until there is none left. */
  const fill = async (memory: PhotoMemory): Promise<PhotoRoom[]> => {
    const rooms: PhotoRoom[] = [];
    for (let photo = 0; photo < 10; photo++) rooms.push(await memory.takeRoom(never));
    return rooms;
  };
  /** Starts to wait for a room. */
  const wait = (memory: PhotoMemory, signal = never) => {
    const waiting = { hasRoom: false, error: undefined as unknown };
    memory.takeRoom(signal).then(
      () => (waiting.hasRoom = true),
      (error: unknown) => (waiting.error = error),
    );
    return waiting;
  };

  it('has room for ten of the largest photos; others wait, first come, first served', async () => {
    const memory = new PhotoMemory();
    const rooms = await fill(memory);
    const [first, second] = [wait(memory), wait(memory)];
    await quiet();
    expect([first.hasRoom, second.hasRoom]).toEqual([false, false]);
    rooms[3]?.free();
    await quiet();
    expect([first.hasRoom, second.hasRoom]).toEqual([true, false]);
  });

  it('lets nobody overtake those who wait', async () => {
    const memory = new PhotoMemory();
    const rooms = await fill(memory);
    const first = wait(memory);
    rooms[0]?.free();
    const second = wait(memory);
    await quiet();
    expect([first.hasRoom, second.hasRoom]).toEqual([true, false]);
  });

  it('gives room for a hundred small photos once their size is known', async () => {
    const memory = new PhotoMemory();
    for (let photo = 0; photo < 100; photo++) (await memory.takeRoom(never)).fit(40_000);
    const another = wait(memory);
    await quiet();
    expect(another.hasRoom).toBe(true);
  });

  it('counts a photo from 256 KiB on as one of the largest, because it gets such a buffer', async () => {
    const memory = new PhotoMemory();
    const rooms = await fill(memory);
    for (const room of rooms) room.fit(256 * 1024);
    const another = wait(memory);
    await quiet();
    expect(another.hasRoom).toBe(false);
    rooms[0]?.fit(256 * 1024 - 1);
    rooms[1]?.fit(256 * 1024 - 1);
    await quiet();
    expect(another.hasRoom).toBe(true);
  });

  it('frees a room once, however often it is freed', async () => {
    const memory = new PhotoMemory();
    const [room] = await fill(memory);
    room?.free();
    room?.free();
    const [first, second] = [wait(memory), wait(memory)];
    await quiet();
    expect([first.hasRoom, second.hasRoom]).toEqual([true, false]);
  });

  it('reuses a large buffer after its photo, and not while the photo has it', async () => {
    const memory = new PhotoMemory();
    const [one, other] = [await memory.takeRoom(never), await memory.takeRoom(never)];
    const buffer = one.take(largest);
    expect(other.take(300_000)).not.toBe(buffer);
    one.free();
    expect((await memory.takeRoom(never)).take(300_000)).toBe(buffer);
  });

  it.each([
    [40_000, 40_000],
    [256 * 1024 - 1, 256 * 1024 - 1],
    [256 * 1024, largest],
  ])('gives a photo of %i bytes a buffer of %i bytes', async (bytes, expected) => {
    expect((await new PhotoMemory().takeRoom(never)).take(bytes)).toHaveLength(expected);
  });

  it('gives the room of an aborted photo to the next one, but not its buffer, which may still be in use', async () => {
    const memory = new PhotoMemory();
    const controller = new AbortController();
    const aborted = await memory.takeRoom(controller.signal);
    const buffer = aborted.take(largest);
    for (let photo = 1; photo < 10; photo++) await memory.takeRoom(never);
    controller.abort();
    const next = await memory.takeRoom(never);
    expect(next.take(largest)).not.toBe(buffer);
    aborted.free();
    const another = wait(memory);
    await quiet();
    expect(another.hasRoom).toBe(false);
  });

  it('gives back the room of a photo once that is aborted before its size is known', async () => {
    const memory = new PhotoMemory();
    for (let photo = 0; photo < 110; photo++) {
      const controller = new AbortController();
      const room = await memory.takeRoom(controller.signal);
      controller.abort();
      room.fit(40_000);
      room.free();
    }
    await fill(memory);
    const another = wait(memory);
    await quiet();
    expect(another.hasRoom).toBe(false);
  });

  it('ends the wait of a photo that is aborted, and serves the next one', async () => {
    const memory = new PhotoMemory();
    const rooms = await fill(memory);
    const controller = new AbortController();
    const aborted = wait(memory, controller.signal);
    const next = wait(memory);
    controller.abort(new Error('deadline'));
    rooms[0]?.free();
    await quiet();
    expect(aborted.error).toEqual(new Error('deadline'));
    expect(next.hasRoom).toBe(true);
    const late = wait(memory, controller.signal);
    await quiet();
    expect(late.error).toEqual(new Error('deadline'));
  });
});
