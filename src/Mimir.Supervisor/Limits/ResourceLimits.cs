using System.Globalization;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Limits;

/// <summary>Limits of single processes as Linux has them for every program, inherited by what it starts.</summary>
internal static unsafe class ResourceLimits
{
    internal const int Data = 2, Processes = 6, OpenFiles = 7;

    private const int MostStatusBytes = 8 * 1024;
    private const int CapabilityAdmin = 21, CapabilityResource = 24;

    /// <summary>Sets both limits of a process, never above what it may have already.</summary>
    /// <returns>0, or the error number.</returns>
    internal static int Set(int processId, int resource, ulong value)
    {
        var limit = stackalloc ulong[2];
        if (Libc.ProcessLimit(processId, resource, null, limit) != 0)
            return Errno.Last;
        limit[0] = limit[1] = Math.Min(value, limit[1]);
        return Libc.ProcessLimit(processId, resource, limit, null) == 0 ? 0 : Errno.Last;
    }

    /// <summary>Whether the system counts processes for us at all: it does not for root, nor for who has its rights.</summary>
    internal static bool CountsProcesses()
    {
        var rights = Field(PrivateFile.TryReadSome("/proc/self/status", MostStatusBytes), "CapEff:");
        return Libc.EffectiveUser() != 0
            && (!ulong.TryParse(rights, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
                || (bits & ((1UL << CapabilityAdmin) | (1UL << CapabilityResource))) == 0);
    }

    /// <summary>How many processes and threads our user has now.</summary>
    internal static int CountOfUser()
    {
        var us = Libc.EffectiveUser().ToString(CultureInfo.InvariantCulture);
        var count = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(folder.AsSpan())[0]))
                continue;
            var status = PrivateFile.TryReadSome(Path.Combine(folder, "status"), MostStatusBytes);
            if (Field(status, "Uid:").Split('\t')[0] == us
                && int.TryParse(Field(status, "Threads:"), NumberStyles.None, CultureInfo.InvariantCulture, out var threads))
            {
                count += threads;
            }
        }

        return count;
    }

    private static string Field(string status, string name)
    {
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return line[name.Length..].Trim().ToString();
        }

        return string.Empty;
    }
}
