# The control API of the emulator that the variable $emulator holds.

function Invoke-Emulator([string] $Path, [string] $Method = 'Get', [hashtable] $Body = @{}) {
    $post = if ($Method -eq 'Post') { @{ ContentType = 'application/json'; Body = ($Body | ConvertTo-Json) } } else { @{} }
    Invoke-RestMethod "$($emulator.Endpoint)emulator/$Path" -Method $Method @post
}

function Add-Fault([hashtable] $Fault) {
    [void](Invoke-Emulator faults Post $Fault)
}

function Clear-Fault {
    [void](Invoke-Emulator faults Delete)
}

# Starts another emulator in this process, and connects to it. Its address is new, so its quota is unused.
function Use-NewEmulator {
    Stop-AcsEmulator
    $script:emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
}
