#!/usr/bin/env bash
# Fails unless a directory contains exactly the files of a list. Each line of the list must match exactly one file; VERSION
# is the version of the project, `*` any characters. On a tag, also fails unless the tag names this version.
#
#   .github/release/check-files.sh LIST DIRECTORY
set -euo pipefail
shopt -s nullglob dotglob
list=$1 directory=$2
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$(dirname "$0")/../../Cargo.toml")

fail() {
    echo "error: $1" >&2
    exit 1
}

if [[ ${GITHUB_REF:-} == refs/tags/* && $GITHUB_REF != "refs/tags/v$version" ]]; then
    fail "tag ${GITHUB_REF#refs/tags/} does not match version $version of Cargo.toml"
fi
expected=0
while read -r name; do
    name=${name//VERSION/$version}
    # Unquoted, so that `*` is expanded. The last character is a pattern of itself: a missing file then matches nothing.
    matches=("$directory"/${name%?}[${name: -1}])
    [[ ${#matches[@]} == 1 && -f ${matches[0]} ]] || fail "$name: ${#matches[@]} files in $directory; expected one"
    expected=$((expected + 1))
done <"$list"
present=("$directory"/*)
[[ ${#present[@]} == "$expected" ]] || fail "$directory has ${#present[@]} files; $list has $expected"
echo "$directory: $expected files, as in $list"
