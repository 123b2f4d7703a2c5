#!/bin/sh
# The door for machines where pwsh may not be there yet: takes pwsh from PATH, else restores it as the pinned dotnet
# tool, and hands over to build.ps1. If neither can be had it says so and does what needs no engine.
# Usage: ./build.sh [build|quickstart|test|bench|mutate|fuzz|analyze|docs|package|clean] [-Name <name>]
set -eu
cd "$(dirname "$0")"

task=${1:-build}
case $task in
    build | quickstart | test | bench | mutate | fuzz | analyze | docs | package | clean) ;;
    *)
        echo "build.sh: unknown task '$task'. Tasks: build, quickstart, test, bench, mutate, fuzz, analyze, docs, package, clean." >&2
        exit 2
        ;;
esac
[ $# -eq 0 ] || shift

if ! command -v dotnet >/dev/null 2>&1; then
    echo "build.sh: the .NET SDK (dotnet) is not on PATH." >&2
    exit 1
fi

export DOTNET_NOLOGO=1
export POWERSHELL_TELEMETRY_OPTOUT=1
export POWERSHELL_UPDATECHECK=Off

if command -v pwsh >/dev/null 2>&1; then
    exec pwsh -NoProfile -File ./build.ps1 "$task" "$@"
fi

version=$(sed -n '/"powershell"/,/}/ s/.*"version": *"\([^"]*\)".*/\1/p' .config/dotnet-tools.json)
near=artifacts/tools/powershell
echo "There is no pwsh on PATH: restoring PowerShell $version as a .NET tool." >&2
if dotnet tool restore >/dev/null 2>&1; then
    exec dotnet tool run pwsh -- -NoProfile -File ./build.ps1 "$task" "$@"
fi

# No feed has the pinned version; the newest of the same major version will do.
if [ -x $near/pwsh ] || dotnet tool install powershell --version "${version%%.*}.*" --tool-path $near >/dev/null 2>&1; then
    echo "PowerShell $version is in no feed at hand: using $(ls $near/.store/powershell)." >&2
    exec $near/pwsh -NoProfile -File ./build.ps1 "$task" "$@"
fi

echo "No feed here has the dotnet tool 'powershell': doing what needs no PowerShell." >&2

build() {
    sdk=${AzureSdk:-}
    if [ -z "$sdk" ]; then
        sdk=standin
        if dotnet restore build/AzureSdk.csproj --verbosity quiet >/dev/null 2>&1; then
            sdk=package
        fi
    fi
    case $sdk in
        package) echo "Linking Microsoft's package Azure.Communication.Identity." >&2 ;;
        *) echo "Linking the stand-in for Azure.Communication.Identity." >&2 ;;
    esac
    dotnet build AcsIdentity.sln --configuration Release --verbosity minimal -p:AzureSdk="$sdk" >&2
}

run_tests() {
    if [ $# -gt 0 ]; then
        echo "build.sh: $* needs PowerShell. Without it, run: dotnet test --filter FullyQualifiedName~<part of a name>" >&2
        exit 1
    fi

    build
    results=artifacts/test-results
    rm -rf "$results"
    status=0
    dotnet test AcsIdentity.sln --no-build --configuration Release --logger trx --results-directory "$results" || status=$?

    count() { cat "$results"/*.trx 2>/dev/null | sed -n "s/.*<Counters.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'; }
    total=$(count total)
    passed=$(count passed)
    failed=$(count failed)
    pester=$(cat tests/Pester/*.Tests.ps1 | grep -cE '^ *It ')
    # A run that died has no counters to tell of it.
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi

    echo "Without PowerShell the $pester Pester tests did NOT run; they count as skipped."
    if [ -n "${REQUIRE_PESTER:-}" ]; then
        echo "REQUIRE_PESTER is set, and PowerShell cannot be had: counted as a failure."
        failed=$((failed + 1))
    fi
    echo "$passed passed, $failed failed, $((total - passed - $(count failed) + pester)) skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

case $task in
    build) build ;;
    quickstart)
        build
        dotnet run --no-build --configuration Release --project samples/Quickstart
        ;;
    test) run_tests "$@" ;;
    bench) # -Name <benchmark>
        build
        dotnet run --no-build --configuration Release --project tests/Benchmarks -- ${2:+"$2"}
        ;;
    clean) rm -rf artifacts ;;
    analyze)
        dotnet format AcsIdentity.sln --verify-no-changes
        echo "The scripts were NOT analyzed: PSScriptAnalyzer needs PowerShell." >&2
        ;;
    mutate | fuzz | docs | package)
        echo "build.sh: the task '$task' needs PowerShell." >&2
        exit 1
        ;;
esac
