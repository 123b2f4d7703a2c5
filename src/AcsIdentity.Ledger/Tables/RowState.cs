using System;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>The state in a row, by its name.</summary>
internal static class RowState
{
    public const string Property = "State";

    public static IdentityState Read(TableEntity row) => (IdentityState)Enum.Parse(typeof(IdentityState), row.GetString(Property));
}
