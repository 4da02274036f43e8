#!/usr/bin/env bash
# Uses the library as a stranger would: installs its artifacts into the local repository given as argument (best an
# empty directory), builds this project against them, and runs it on the class path and on the module path.
set -euo pipefail
repository=$(mkdir -p "${1:?usage: check.sh LOCAL_REPOSITORY}" && cd "$1" && pwd)
cd "$(dirname "$0")"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
picture=../quickstart/src/main/resources/samples/receipt.png
mvn=(mvn -B -q -ntp "-Dmaven.repo.local=$repository")

# README's first Java program is Hello.java as it stands.
awk '/^```java$/ {shown = 1; next} /^```$/ && shown {exit} shown' ../../README.md |
  diff - src/main/java/hello/Hello.java ||
  { echo "README.md does not show examples/consumer/src/main/java/hello/Hello.java as it stands" >&2; exit 1; }

(cd ../.. && "${mvn[@]}" -Dquick -pl models-text,models-vision -am install)
rm -rf target
"${mvn[@]}" package

# What this JDK must be told so that it says nothing about native code, on the class path and on the module path.
class_path=() module_path=()
if [ "$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)" -ge 22 ]; then
  class_path=(--enable-native-access=ALL-UNNAMED)
  module_path=(--enable-native-access=com.microsoft.onnxruntime,ai.djl.tokenizers,com.sun.jna)
fi

# Runs a program and fails unless its output has the text and nothing was written to standard error.
expect() {
  local text=$1 out errors
  shift
  errors=target/errors
  out=$("$@" 2>"$errors") || { cat "$errors" >&2; return 1; }
  if [ -s "$errors" ]; then
    echo "not silent: $*" >&2
    cat "$errors" >&2
    return 1
  fi
  if ! grep -qF "$text" <<<"$out"; then
    printf 'expected "%s" from: %s\n%s\n' "$text" "$*" "$out" >&2
    return 1
  fi
}

echo "class path"
expect "label=POSITIVE" "$java" "${class_path[@]}" -cp "target/classes:target/lib/*" hello.Hello
expect "CORNER STREET MARKET" "$java" "${class_path[@]}" -cp "target/classes:target/lib/*" hello.Look "$picture"

echo "module path"
"$javac" --release 17 -p target/lib -d target/module src/main/module/module-info.java src/main/java/hello/*.java
expect "label=POSITIVE" "$java" "${module_path[@]}" -p target/module:target/lib -m hello/hello.Hello
expect "CORNER STREET MARKET" "$java" "${module_path[@]}" -p target/module:target/lib -m hello/hello.Look "$picture"
echo "consumer: all fine"
