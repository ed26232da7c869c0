import { signInLink } from './back-end/session';

const [origin, clientId] = process.argv.slice(2);
const { SESSION_KEY } = process.env;
if (origin === undefined || clientId === undefined || SESSION_KEY === undefined) {
  console.error('Usage: SESSION_KEY=… tsx examples/selfie-app/create-link.ts URL_OF_THE_APP CLIENT_ID');
  process.exitCode = 2;
} else {
  console.log(signInLink(origin, clientId, SESSION_KEY));
}
