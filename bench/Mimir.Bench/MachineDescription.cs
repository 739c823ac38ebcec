using System.Runtime.InteropServices;

namespace Mimir.Bench;

/// <summary>What a reader must know of the machine to judge the figures, and nothing that tells whose it is.</summary>
internal static class MachineDescription
{
    public static string Text()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return FormattableString.Invariant(
            $"{Environment.ProcessorCount} cores ({Processor()}), {memory:F0} GiB, {System()}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
    }

    private static string Processor() =>
        Line("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string System() =>
        $"{Line("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux"}, kernel {Environment.OSVersion.Version.ToString(2)}";

    private static string? Line(string file, string key, char separator) => !File.Exists(file)
        ? null
        : File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim();
}
