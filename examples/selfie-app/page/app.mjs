import { preparePhoto, SendPhotoError, sendPhoto } from './browser.mjs';

const form = document.querySelector('form');
const button = document.querySelector('button');
const progress = document.querySelector('progress');
const status = document.querySelector('[role="status"]');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  button.disabled = true;
  run(document.querySelector('#photo').files[0])
    .catch((error) => {
      console.error(error);
      return error instanceof SendPhotoError ? error.text : 'Something went wrong. Please try again.';
    })
    .then((text) => {
      status.textContent = text;
      progress.hidden = true;
      button.disabled = false;
    });
});

/** Sends a photo and waits for its outcome. Returns what to tell the person. */
async function run(file) {
  show('Preparing the photo …', 0);
  const prepared = await preparePhoto(file, { stripMetadata: true, onProgress: (share) => show(undefined, share / 2) });
  if (prepared.status === 'refused') return prepared.text;

  show('Sending the photo …', 0.5);
  const grant = await call(`/photo-grants?type=${prepared.contentType}`, { method: 'POST' });
  await sendPhoto(grant, prepared.photo, {
    onProgress: (share) => show(undefined, 0.5 + share / 2),
    // After a lost answer, the photo is sent again only if it did not arrive.
    hasArrived: async () => (await call('/photo-arrived')).hasArrived,
  });

  show('Checking the photo …', 1);
  for (;;) {
    const outcome = await call('/photo-outcome');
    if (outcome.status === 'uploaded') return 'Thank you. We have your photo.';
    if (outcome.status === 'rejected') return textFor(outcome);
    if (outcome.status !== 'pending') return 'Your photo was deleted.';
    // The back end has already waited.
  }
}

/** Write a text for each reason that your people can act on. docs/app-developers.md lists them. */
function textFor({ reason, detail = '' }) {
  if (reason === 'refused-by-complycube') return `This photo can’t be used. Please take another one. (${detail})`;
  return 'This photo can’t be used. Please take another one.';
}

async function call(path, options) {
  const answer = await fetch(path, options);
  if (answer.status === 401) throw new Error('Open the link that signs you in');
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function show(text, share) {
  if (text !== undefined) status.textContent = text;
  progress.hidden = false;
  progress.value = share;
}
