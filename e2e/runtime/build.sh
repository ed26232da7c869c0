#!/usr/bin/env bash
# Builds AWS's runtime client and, with Go, AWS's runtime interface emulator, both at the same time. What exists is not built again.
# runtime.sh calls it with the folder of the client, the program of the emulator, and the npm package of Lambda's Node.
set -eu
client=$1 emulator=$2 node_package=$3
# A build that is ended leaves nothing behind that looks complete.
build=$(mktemp -d "$(dirname "$client")/build.XXXXXX")
trap 'rm -rf "$build"' EXIT

build_emulator() {
  [ -x "$emulator" ] && return
  local go folder
  go=$(command -v go || echo /usr/local/go/bin/go)
  [ -x "$go" ] || return 0
  folder=$(dirname "$emulator")
  GOBIN="$build/emulator" "$go" install \
    "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@$(basename "$folder")"
  mkdir -p "$folder"
  mv "$build/emulator/aws-lambda-rie" "$emulator"
}

# The client is built with the headers of Lambda's Node, which its npm package contains.
build_client() {
  [ -f "$client/node_modules/aws-lambda-ric/rapid-client.node" ] && return
  local new="$build/client"
  mkdir "$new"
  cp e2e/runtime/package.json "$new"
  npm install --prefix "$new" --ignore-scripts --no-audit --no-fund
  # npm runs the package's own scripts, which build it.
  PATH="$new/node_modules/$node_package/bin:$PATH" npm_config_nodedir="$new/node_modules/$node_package" \
    npm rebuild --prefix "$new" aws-lambda-ric
  [ -f "$new/node_modules/aws-lambda-ric/rapid-client.node" ]
  # Another clone may have been faster.
  [ -d "$client" ] || mv "$new" "$client"
}

# Whether they succeeded is visible by what exists.
build_emulator &
build_client &
wait
