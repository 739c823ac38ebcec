using System.Globalization;
using System.Runtime.InteropServices;

#pragma warning disable CA1050 // The runtime looks for exactly this name, in no namespace.

/// <summary>
/// Writes how many managed bytes this process has allocated so far, whenever it is sent SIGUSR2, into the file that
/// MIMIR_BENCH_ALLOCATIONS names. The runtime calls <see cref="Initialize"/> before the program's own entry point.
/// </summary>
internal static class StartupHook
{
    private const int User2 = 12;

    private static PosixSignalRegistration? s_registration;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("MIMIR_BENCH_ALLOCATIONS") is { } path)
        {
            s_registration = PosixSignalRegistration.Create((PosixSignal)User2, context =>
            {
                context.Cancel = true;
                var partial = path + ".partial";
                File.WriteAllText(partial, GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
                File.Move(partial, path, overwrite: true);
            });
        }
    }
}
