import { preparePhoto, SendPhotoError, sendPhoto } from './browser.mjs';

const form = document.querySelector('form');
const input = document.querySelector('#photo');
const button = document.querySelector('button');
const progress = document.querySelector('progress');
const status = document.querySelector('[role="status"]');

/** Before the page asks for the outcome again after a failure. */
const waitMs = 3_000;

const texts = { 'maybe-sent': 'The connection broke. Try again: the photo is sent only if it did not arrive.' };

/**
 * What was done with the chosen photo: `prepared`, `grant`, `isSent`. Kept until the person chooses another one, so that trying again
 * never makes a second live photo.
 */
let chosen = {};

input.addEventListener('change', () => {
  chosen = {};
  status.textContent = '';
  button.disabled = false;
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  button.disabled = input.disabled = true;
  run(chosen, input.files[0])
    // The photo is sent, or can't be used: the button stays disabled until the person chooses another one.
    .then((text) => (status.textContent = text))
    .catch((error) => {
      console.error(error);
      status.textContent = textForFailure(error);
      button.disabled = false;
    })
    .finally(() => {
      progress.hidden = true;
      input.disabled = false;
    });
});

/** Sends a photo and waits for its outcome. After a failure it continues from there. Returns what to tell the person. */
async function run(photo, file) {
  show('Preparing the photo …', 0);
  const onProgress = (share) => show(undefined, share / 2);
  photo.prepared ??= await preparePhoto(file, { stripMetadata: true, onProgress });
  if (photo.prepared.status === 'refused') return photo.prepared.text;

  show('Sending the photo …', 0.5);
  if (!photo.isSent) await send(photo);
  photo.isSent = true;

  show('We have your photo. Checking it …', 1);
  const outcome = await outcomeOf(photo.grant);
  if (outcome.status === 'uploaded') return 'Thank you. We have your photo.';
  if (outcome.status === 'rejected') return textFor(outcome);
  return 'Your photo was deleted.';
}

/** Every try uses the same grant. After a failure, the photo is sent again only if it did not arrive. */
async function send(photo) {
  const { prepared } = photo;
  const hasArrived = async () => (await call(`/photo-arrived?photoId=${photo.grant.photoId}`)).hasArrived;
  if (photo.grant !== undefined && (await hasArrived())) return;
  photo.grant ??= await call(`/photo-grants?type=${prepared.contentType}`, { method: 'POST' });
  const onProgress = (share) => show(undefined, 0.5 + share / 2);
  try {
    await sendPhoto(photo.grant, prepared.photo, { onProgress, hasArrived, texts });
  } catch (error) {
    // S3 has no photo of this grant, and accepts none any more.
    if (error.reason === 'grant-expired') photo.grant = undefined;
    throw error;
  }
}

/** Asks until there is an outcome. A failure does not change that the photo is sent. */
async function outcomeOf({ photoId }) {
  for (;;) {
    try {
      const outcome = await call(`/photo-outcome?photoId=${photoId}`);
      // While it is pending, the back end has already waited.
      if (outcome.status !== 'pending') return outcome;
    } catch (error) {
      if (error.status >= 400 && error.status < 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

function textForFailure(error) {
  if (error instanceof SendPhotoError) return error.text;
  if (error.status === 401) return 'You are signed out. Open your link in another tab, then try again here.';
  return 'Something went wrong. Please try again.';
}

/** Write a text for each reason that your people can act on. docs/app-developers.md lists them. */
function textFor({ reason, detail = '' }) {
  if (reason === 'refused-by-complycube') return `This photo can’t be used. Please take another one. (${detail})`;
  return 'This photo can’t be used. Please take another one.';
}

async function call(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw Object.assign(new Error(`The back end answered ${answer.status}`), { status: answer.status });
  return answer.json();
}

function show(text, share) {
  if (text !== undefined) status.textContent = text;
  progress.hidden = false;
  progress.value = share;
}
