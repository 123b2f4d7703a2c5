namespace AcsIdentity.Commands;

/// <summary>The pages about the cmdlets, which Get-Help -Online opens.</summary>
internal static class HelpPages
{
    /// <summary>The folder of the pages: the ProjectUri of the module manifest, and the path of docs/cmdlets.</summary>
    public const string Folder = "https://github.com/AcsIdentity/AcsIdentity/blob/main/docs/cmdlets/";
}
