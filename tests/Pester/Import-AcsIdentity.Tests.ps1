# Import-AcsIdentity.
BeforeDiscovery {
    $stores = @{ Store = 'a file' }, @{ Store = 'a table' }
}

BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/EmulatorControl.ps1
    . $PSScriptRoot/Support/Azurite.ps1
    Use-NewEmulator
    $azurite = Open-Azurite

    function Get-FreshId { "8:acs:$(New-Guid)_$(New-Guid)" }

    # Connects to the emulator with a new ledger.
    function Use-NewLedger([string] $Store) {
        if ($Store -ne 'a table') {
            [void](Connect-AcsIdentity -Emulator -Ledger (Join-Path $TestDrive "$(New-Guid).db"))
        }
        elseif ($azurite.Missing) {
            Set-ItResult -Skipped -Because $azurite.Missing
        }
        else {
            [void](Connect-AcsIdentity -Emulator -Ledger "$($azurite.Account)/t$((New-Guid).ToString('N'))" -LedgerConnectionString $azurite.ConnectionString)
        }
    }
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
    Close-Azurite $azurite
}

Describe 'Import-AcsIdentity into <Store>' -ForEach $stores {
    BeforeEach { Use-NewLedger $Store }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'rows of a map'; Row = { "Tag,Id`nann,$id" | ConvertFrom-Csv }; Tag = 'ann' }
        @{ Name = 'identities of this module'; Row = { [AcsIdentity.Models.CommunicationIdentity]::new($id, 'ann') }; Tag = 'ann' }
        @{ Name = 'ids'; Row = { $id }; Tag = $null }
        @{ Name = 'objects of other tools'; Row = { @{ rawId = $id; tag = 'ann' } }; Tag = 'ann' }
        @{ Name = 'rows without a tag'; Row = { [pscustomobject]@{ Tag = ''; Id = $id } }; Tag = $null }
    ) {
        $id = Get-FreshId
        $before = $emulator.RequestCount
        & $Row | Import-AcsIdentity | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be $before
        $found = Get-AcsIdentity
        $found.Id | Should -Be $id
        $found.Tag | Should -Be $Tag
        $found.State | Should -Be Active
        "$($found.CreatedOn)$($found.CreatedBy)$($found.Scope)" | Should -Be ''
    }

    It 'takes identities as an argument' {
        $ids = (Get-FreshId), (Get-FreshId)
        Import-AcsIdentity $ids
        (Get-AcsIdentity).Id | Sort-Object | Should -Be ($ids | Sort-Object)
    }

    It 'reads what Get-AcsIdentity -State All exported, except creates without an answer' {
        'ann', 'bob' | New-AcsIdentity -Scope chat | Where-Object Tag -EQ bob | Remove-AcsIdentity -Force
        Add-Fault @{ operation = 'create'; every = 1; kind = 'drop' }
        New-AcsIdentity -Tag lost -ErrorAction Ignore
        Clear-Fault
        $exported = Get-AcsIdentity -State All | ConvertTo-Csv
        $exported | Should -HaveCount 4
        $expected = Get-AcsIdentity -State Active, Deleted | Select-Object Tag, Id, State, CreatedOn, CreatedBy, DeletedOn | ConvertTo-Csv | Sort-Object

        Use-NewLedger $Store
        $told = $exported | ConvertFrom-Csv | Import-AcsIdentity -Verbose 4>&1
        "$told" | Should -BeLike '*lost: Not imported*'
        Get-AcsIdentity -State All | Select-Object Tag, Id, State, CreatedOn, CreatedBy, DeletedOn | ConvertTo-Csv | Sort-Object | Should -Be $expected
    }

    It 'takes records as they are too' {
        New-AcsIdentity -Tag bob | Remove-AcsIdentity -Force
        $found = Get-AcsIdentity -State All
        Use-NewLedger $Store
        $found | Import-AcsIdentity
        $again = Get-AcsIdentity -State All
        $again.State | Should -Be Deleted
        "$($again.CreatedOn) $($again.DeletedOn) $($again.CreatedBy)" | Should -Be "$($found.CreatedOn) $($found.DeletedOn) $($found.CreatedBy)"
    }

    It 'may run again, and adds only a tag' {
        $id = Get-FreshId
        $id | Import-AcsIdentity
        [pscustomobject]@{ Id = $id; Tag = 'ann' } | Import-AcsIdentity
        $id | Import-AcsIdentity
        [pscustomobject]@{ Id = $id; Tag = 'ann' } | Import-AcsIdentity
        (Get-AcsIdentity -State All).Tag | Should -Be ann
    }

    It 'keeps the tag of an identity, and reports another one' {
        $id = Get-FreshId
        [pscustomobject]@{ Id = $id; Tag = 'ann' } | Import-AcsIdentity
        $rows = [pscustomobject]@{ Id = $id; Tag = 'ANN' }, [pscustomobject]@{ Id = Get-FreshId; Tag = 'bob' }
        $written = $rows | Import-AcsIdentity -PassThru -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'AcsTagConflict,*'
        $failures[0].CategoryInfo.Category | Should -Be ResourceExists
        "$($failures[0])" | Should -BeLike "'ANN ($id)': *'ann'*"
        $written.Tag | Should -Be bob
        (Get-AcsIdentity -Id $id).Tag | Should -BeExactly ann
    }

    It 'writes records with -PassThru, in the order of the input' {
        $rows = 1..1000 | ForEach-Object { [pscustomobject]@{ Id = Get-FreshId; Tag = "user$_" } }
        $written = $rows | Import-AcsIdentity -PassThru
        $written.Id | Should -Be $rows.Id
        $written[0] | Should -BeOfType AcsIdentity.Models.RecordedCommunicationIdentity
        Get-AcsIdentity | Should -HaveCount 1000
    }

    It 'refuses <Name>, and goes on' -ForEach @(
        @{ Name = 'a row without id'; Row = @{ Tag = 'x' }; ErrorId = 'AcsInvalidIdentity,*'; Message = "'x': An identity is needed*" }
        @{ Name = 'null'; Row = $null; ErrorId = 'AcsInvalidIdentity,*'; Message = 'The identity is null*' }
        @{ Name = 'a wrong id'; Row = @{ Tag = 'x'; Id = 'y' }; ErrorId = 'AcsInvalidIdentity,*'; Message = "'x': 'y' is not the id*" }
        @{ Name = 'an active row without id'; Row = @{ Tag = 'x'; Id = ''; State = 'Active' }; ErrorId = 'AcsInvalidIdentity,*'; Message = "'x': *id is empty*" }
        @{ Name = 'a column State of something else'; Row = @{ Tag = 'x'; Id = "8:acs:$(New-Guid)_$(New-Guid)"; State = 'Ohio' }; ErrorId = 'AcsInvalidIdentity,*'; Message = "'x': *State*-ExcludeProperty State*" }
        @{ Name = 'a time that is none'; Row = @{ Tag = 'x'; Id = "8:acs:$(New-Guid)_$(New-Guid)"; CreatedOn = 'yesterday' }; ErrorId = 'AcsInvalidIdentity,*'; Message = "'x': *CreatedOn is not a time*" }
        @{ Name = 'a tag that no ledger can keep'; Row = @{ Tag = "x`0"; Id = "8:acs:$(New-Guid)_$(New-Guid)" }; ErrorId = 'AcsInvalidTag,*'; Message = '*NUL*' }
    ) {
        $good = Get-FreshId
        $Row, $good | Import-AcsIdentity -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike $ErrorId
        "$($failures[0])" | Should -BeLike $Message
        (Get-AcsIdentity).Id | Should -Be $good
    }

    It 'keeps a tag as it is: <_>' -ForEach "a'b""c/d\e../f", "line`nbreak", ([char]::ConvertFromUtf32(0x1F600)), "x'; DROP TABLE identity; --", "' or PartitionKey ne '" {
        $id = Get-FreshId
        [pscustomobject]@{ Id = $id; Tag = $_ } | Import-AcsIdentity
        (Get-AcsIdentity -Id $id).Tag | Should -BeExactly $_
        (Get-AcsIdentity -Tag ([WildcardPattern]::Escape($_))).Id | Should -Be $id
    }

    It 'imports nothing with -WhatIf' {
        Get-FreshId | Import-AcsIdentity -WhatIf
        Get-AcsIdentity | Should -BeNullOrEmpty
    }
}

Describe 'Import-AcsIdentity' {
    It 'needs a ledger and a connection' {
        [void](Connect-AcsIdentity -Emulator)
        { Get-FreshId | Import-AcsIdentity } | Should -Throw -ErrorId 'AcsNoLedger,*'
        Disconnect-AcsIdentity
        { Get-FreshId | Import-AcsIdentity } | Should -Throw -ErrorId 'AcsNotConnected,*'
    }

    It 'ends with an error if the ledger cannot be opened' {
        $file = Join-Path $TestDrive none.db
        Set-Content $file ('x' * 10000)
        $env:ACS_IDENTITY_LEDGER = $file
        try {
            $connection = Connect-AcsIdentity -Emulator
        }
        finally {
            $env:ACS_IDENTITY_LEDGER = $null
        }

        { Get-FreshId | Import-AcsIdentity -Connection $connection } | Should -Throw -ErrorId 'AcsInvalidLedger,*' -ExpectedMessage "${file}: *"
    }
}
