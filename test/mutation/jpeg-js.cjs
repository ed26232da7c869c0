/** The encoder of the sample photos is loaded and compiled once, not by every test file: that took a sixth of the run's time. */
module.exports = globalThis.jpegJs;
