using Mimir.Supervisor.Families;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Registry;

/// <summary>Finds out who a process is.</summary>
internal static class Identities
{
    private const int MostBootBytes = 256;

    /// <summary>The world that numbers seen by this process belong to.</summary>
    internal static string World { get; } = ReadWorld();

    /// <summary>The identity of a living process or of a zombie that is not reaped yet; null when there is none.</summary>
    internal static ProcessIdentity? Of(int processId) =>
        StartOf(processId) is { } started ? new ProcessIdentity(processId, started, World) : null;

    /// <summary>Whether exactly this process exists. Only an identity of our own world can be told.</summary>
    internal static bool Exists(ProcessIdentity identity) =>
        identity.World == World && StartOf(identity.Id) == identity.Started;

    private static ulong? StartOf(int processId) =>
        OperatingSystem.IsWindows() ? WindowsProcesses.StartOf(processId) : ProcessTable.StartOf(processId);

    private static string ReadWorld()
    {
        if (OperatingSystem.IsMacOS())
            return AppleProcesses.BootSession();
        if (!OperatingSystem.IsLinux())
            return "windows"; // a start is told to 100 ns since 1601 there, which no later boot repeats
        var boot = PrivateFile.TryReadSome("/proc/sys/kernel/random/boot_id", MostBootBytes).Trim();
        var space = Link("/proc/self/ns/pid");
        return $"{boot} {space}";
    }

    private static string Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
