using System.Runtime.InteropServices;

namespace Mimir.Embed.Announcing;

/// <summary>Closes a folder to everybody but its user, where the system knows users of files.</summary>
internal static class PrivateFolder
{
    /// <summary>Closes it.</summary>
    public static void Close(string folder)
    {
#if NET
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#else
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return;
        try
        {
            _ = Chmod(folder, Convert.ToUInt32("700", 8));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system of another kind: what is written there says nothing that is secret.
        }
#endif
    }

#if !NET
    [DllImport("libc", EntryPoint = "chmod", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Chmod(string path, uint mode);
#endif
}
