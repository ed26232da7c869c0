/** Where the function's bundle begins: the handler, and what is done to the process that it has for itself. */
import { tuneGarbageCollection } from './garbage-collection';

export { handler } from './handler';

tuneGarbageCollection();
