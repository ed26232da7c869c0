#!/usr/bin/env bash
# Checks the stack's templates with cfn-lint, then runs `npm run e2e` on ministack, an AWS emulator. Both come from PyPI.
# Passes its arguments and --kms-key on to `npm run e2e`. Without Python, OpenSSL or PyPI it says so and exits with 0.
set -u
cd "$(dirname "$0")/.."

case " $* " in *' --help '*) exec node --import tsx e2e/run.ts --help ;; esac
# A wrong option is refused before anything is installed.
node --import tsx e2e/run.ts "$@" --help >/dev/null || exit

skip() {
  [ -z "${interrupted:-}" ] || exit 1
  echo "Skipped cfn-lint and the deployment on ministack: $1"
  exit 0
}

# The virtual environment is created again if its requirements change or its Python is removed.
venv=dist/e2e/venv
install_tools() {
  cmp -s e2e/requirements.txt "$venv/installed.txt" && [ -x "$venv/bin/python" ] && return
  rm -rf "$venv"
  python3 -m venv "$venv" || skip 'python3 -m venv failed'
  echo "Installing $(paste -sd ' ' e2e/requirements.txt) from PyPI"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 30 \
    --requirement e2e/requirements.txt || skip 'pip install failed'
  cp e2e/requirements.txt "$venv/installed.txt"
}

# Runs a program in the background: bash handles a signal only when no program runs in the foreground.
run() {
  "$@" &
  child=$!
  local status
  while wait "$child"; status=$?; kill -0 "$child" 2>/dev/null; do :; done
  [ -z "${interrupted:-}" ] || exit 1
  return "$status"
}

lint() {
  # All rules are on, informational ones too, except two about what CDK writes: W3005 reports DependsOn entries that
  # CloudFormation would infer, and I1022 prefers Fn::Sub to Fn::Join.
  run node --import tsx e2e/synthesize-variants.ts "$folder/templates" &&
    run "$venv/bin/cfn-lint" --regions us-east-1 --include-checks I --ignore-checks W3005 I1022 -- \
      "$folder"/templates/*/LivePhotos.template.json &&
    echo "cfn-lint found nothing in $(ls "$folder/templates" | wc -l) templates."
}

# Starts ministack with TLS. It checks the permissions of every call, so a missing Allow fails as it does on AWS.
start_ministack() {
  local port
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  export AWS_ENDPOINT_URL="https://127.0.0.1:$port" AWS_CA_BUNDLE="$folder/ministack-tls/server.crt"
  export NODE_EXTRA_CA_CERTS="$AWS_CA_BUNDLE"
  set -m # a process group for ministack and the functions that it starts
  BIND_HOST=127.0.0.1 GATEWAY_PORT="$port" TMPDIR="$folder" IOT_MTLS_ENABLED=0 AUTH=true USE_SSL=1 \
    LAMBDA_EXECUTOR=local PATH="$(dirname "$(command -v node)"):$PATH" \
    "$venv/bin/python" e2e/corrected_ministack.py </dev/null >"$folder/ministack.log" 2>&1 &
  ministack=$!
  set +m
  local health='fetch(process.argv[1], { signal: AbortSignal.timeout(5000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))'
  local ends_at=$((SECONDS + 120))
  until node -e "$health" "$AWS_ENDPOINT_URL/_ministack/health" 2>/dev/null; do
    [ -z "${interrupted:-}" ] || return 1
    if ! kill -0 "$ministack" 2>/dev/null || [ "$SECONDS" -gt "$ends_at" ]; then
      echo 'ministack did not start:'
      tail -20 "$folder/ministack.log"
      return 1
    fi
    sleep 0.2
  done
}

stop() {
  if [ -n "${ministack:-}" ]; then
    kill -- "-$ministack" 2>/dev/null
    for _ in {1..50}; do kill -0 "$ministack" 2>/dev/null && sleep 0.1; done
    kill -KILL -- "-$ministack" 2>/dev/null
  fi
  rm -rf "$folder"
}

folder=$(mktemp -d)
trap stop EXIT
# A terminal sends Ctrl-C to the running program too. That program destroys what it deployed, and then ends.
trap 'interrupted=1' INT
trap 'interrupted=1; kill -TERM "${child:-}" 2>/dev/null' TERM HUP

command -v openssl >/dev/null || skip 'openssl is missing. ministack needs it for its certificate'
command -v python3 >/dev/null || skip 'python3 is missing'
install_tools
lint || exit
# Neither real credentials nor other endpoints get into the emulator, and every call stays on this machine.
unset $(compgen -e | grep -iE '^(AWS_.*|NODE_EXTRA_CA_CERTS|(HTTPS?|ALL)_PROXY)$')
start_ministack && run node --import tsx e2e/run.ts --kms-key "$@"
