/** The encoder of the sample photos is loaded and compiled once, instead of by every test file: it took a sixth of the time. */
module.exports = globalThis.jpegJs;
