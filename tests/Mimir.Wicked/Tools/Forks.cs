using System.Diagnostics;

namespace Mimir.Wicked.Tools;

/// <summary>Processes left behind. They inherit the environment, and with it any marker by which a test finds them.</summary>
internal static class Forks
{
    private const string Sleep = "exec sleep 120 </dev/null >/dev/null 2>&1";
    private const string Deaf = "trap '' TERM INT HUP; ";

    /// <summary>The variable by which tests find who is left.</summary>
    private const string Mark = "MIMIR_TEST_MARKER";

    /// <summary>The text of a shell that starts itself in another session and ends.</summary>
    private const string Hop = Deaf + "HOPS=x$HOPS; [ ${#HOPS} -gt 2000 ] && exit; export HOPS; sleep 0.02; setsid sh -c \"$HOP\" & exit 0";

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
            Grandchild.Unmarked => $"env -i {Mark}=\"${Mark}\" setsid sleep 120 <&- >&- 2>&- & wait",
            Grandchild.Restless => "exec </dev/null >/dev/null 2>&1; setsid sh -c \"$HOP\" &",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]);
        if (kind is Grandchild.Restless) start.Environment["HOP"] = Hop;
        using var shell = Process.Start(start);
        if (kind is Grandchild.Setsid or Grandchild.SetsidIgnoreTerm or Grandchild.Restless) shell!.WaitForExit();
    }
}
