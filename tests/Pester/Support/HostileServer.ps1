# A loopback server that answers each request with the next of some texts, as they are, and repeats the last one.

function Open-HostileServer([string[]] $Answer) {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $answers = [Collections.Concurrent.ConcurrentQueue[string]]::new($Answer)
    $shell = [powershell]::Create()
    [void]$shell.AddScript({
            param($listener, $answers)
            # Otherwise the loop would go on, and collect errors, when the listener has stopped.
            $ErrorActionPreference = 'Stop'
            $answer = ''
            while ($true) {
                # Ends with an error when the listener stops.
                $client = $listener.AcceptTcpClient()
                try {
                    $stream = $client.GetStream()
                    $buffer = [byte[]]::new(8192)
                    $request = ''
                    while ($request -notmatch '(?s)\r\n\r\n' -or $request.Length -lt $request.IndexOf("`r`n`r`n") + 4 + [int]$(if ($request -match 'Content-Length: (\d+)') { $matches[1] })) {
                        $count = $stream.Read($buffer, 0, $buffer.Length)
                        if ($count -eq 0) { break }
                        $request += [Text.Encoding]::GetEncoding(28591).GetString($buffer, 0, $count)
                    }
                    $next = $null
                    if ($answers.TryDequeue([ref] $next)) { $answer = $next }
                    $bytes = [Text.Encoding]::UTF8.GetBytes($answer)
                    $stream.Write($bytes, 0, $bytes.Length)
                }
                catch [IO.IOException] {
                    # The client has closed the connection.
                    [void]$_
                }
                finally {
                    $client.Dispose()
                }
            }
        }).AddArgument($listener).AddArgument($answers)
    [void]$shell.BeginInvoke()
    @{ Listener = $listener; Shell = $shell; ConnectionString = "endpoint=http://127.0.0.1:$($listener.LocalEndpoint.Port)/;accesskey=a2V5" }
}

function Close-HostileServer($Server) {
    $Server.Listener.Stop()
    $Server.Shell.Dispose()
}

# The text of an answer with a JSON body.
function Get-Answer([int] $Status, [string] $Body) {
    "HTTP/1.1 $Status x`r`nContent-Type: application/json`r`nConnection: close`r`nContent-Length: $([Text.Encoding]::UTF8.GetByteCount($Body))`r`n`r`n$Body"
}
