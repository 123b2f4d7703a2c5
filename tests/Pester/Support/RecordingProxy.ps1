# A proxy between the module and the emulator, in a runspace of its own, that keeps what the module sends.

# Returns the proxy. Its port is Port, and its Sent are the bytes so far, as text.
function Open-RecordingProxy([uri] $Target) {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $sent = [Text.StringBuilder]::new()
    $shell = [powershell]::Create()
    [void]$shell.AddScript({
            param($listener, [uri] $target, $sent)
            $ErrorActionPreference = 'Stop'
            $buffer = [byte[]]::new(65536)
            $pairs = @()
            while ($true) {
                if ($listener.Pending()) {
                    $pairs += , @($listener.AcceptTcpClient(), [Net.Sockets.TcpClient]::new($target.Host, $target.Port))
                }
                foreach ($pair in $pairs) {
                    foreach ($side in 0, 1) {
                        while ($pair[$side].Available) {
                            $count = $pair[$side].GetStream().Read($buffer, 0, $buffer.Length)
                            $pair[1 - $side].GetStream().Write($buffer, 0, $count)
                            if ($side -eq 0) {
                                [void]$sent.Append([Text.Encoding]::ASCII.GetString($buffer, 0, $count))
                            }
                        }
                    }
                }
                Start-Sleep -Milliseconds 2
            }
        }).AddArgument($listener).AddArgument($Target).AddArgument($sent)
    [void]$shell.BeginInvoke()
    @{ Port = $listener.LocalEndpoint.Port; Sent = $sent; Listener = $listener; Shell = $shell }
}

function Close-RecordingProxy($Proxy) {
    $Proxy.Shell.Stop()
    $Proxy.Shell.Dispose()
    $Proxy.Listener.Stop()
}
