# Runs a script in a PowerShell process of its own and gives back the objects that it wrote.
function Invoke-Fresh([scriptblock] $Script, [object[]] $ArgumentList) {
    & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $Script -args $ArgumentList
}
