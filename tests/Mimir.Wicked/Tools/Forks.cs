using System.Diagnostics;

namespace Mimir.Wicked.Tools;

/// <summary>Processes left behind. They inherit the environment, and with it any marker by which a test finds them.</summary>
internal static class Forks
{
    private const string Sleep = "exec sleep 120 </dev/null >/dev/null 2>&1";
    private const string Deaf = "trap '' TERM INT HUP; ";

    /// <summary>Forks one.</summary>
    public static void Start(Grandchild kind)
    {
        var script = kind switch
        {
            Grandchild.Plain => Sleep,
            Grandchild.IgnoreTerm => Deaf + Sleep,
            Grandchild.HoldStdout => "exec sleep 120",
            Grandchild.Setsid => $"setsid sh -c \"{Sleep}\" </dev/null >/dev/null 2>&1 &",
            Grandchild.SetsidIgnoreTerm => $"{Deaf}setsid sh -c \"{Sleep}\" </dev/null >/dev/null 2>&1 &",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]));
        if (kind is Grandchild.Setsid or Grandchild.SetsidIgnoreTerm) shell!.WaitForExit();
    }
}
