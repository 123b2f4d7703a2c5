using System;
using System.IO;

namespace AcsIdentity.Emulator.Server;

/// <summary>Files with secrets. Only the user who runs the program can read them; on Windows, the folder's permissions apply.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file in one step: no reader sees a part of it.</summary>
    public static void Write(string path, byte[] content)
    {
        string temporary = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
