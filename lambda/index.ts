/** Entry point of the function's bundle. It also tunes the process, which the function has to itself. */
import { tuneGarbageCollection } from './garbage-collection';

export { handler } from './handler';

tuneGarbageCollection();
