using System.ComponentModel;
using System.Diagnostics;

namespace Mimir.Functional.Secrets;

/// <summary>Whether system calls can be failed here.</summary>
internal static class Tracing
{
    /// <summary>Skips the test where they cannot.</summary>
    public static async Task RequireAsync()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("strace", ["-e", "inject=getppid:error=EIO", "-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            Assert.SkipWhen(process.ExitCode != 0, "Nobody may be traced here: " + await process.StandardError.ReadToEndAsync());
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no strace here.");
        }
    }
}
